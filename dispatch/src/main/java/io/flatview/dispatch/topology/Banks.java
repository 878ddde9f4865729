package io.flatview.dispatch.topology;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Tells whether selections of banks are commits, as some listeners want, or mere stores.
 *
 * <p>A thread that selects reads {@link #commitsSelections}; rendering reads {@link #areRendered}, under the topology's
 * lock. When commits begin, the first flag is set before the second; when they end, the second is cleared before the
 * first: so while views render selections, no selection is a mere store. {@link BankNode} says why the selecting thread
 * cannot miss the beginning.
 */
public final class Banks {

  private final Topology topology;

  /** All banks in use, from the first on; weak, since a bank need not be closed. Guarded by this object's lock. */
  private Set<BankNode> banks = Set.of();

  private volatile boolean committing;

  /** Whether views render the selected variant in the place of a bank; guarded by the map's lock. */
  private boolean rendered;

  Banks(Topology topology) {
    this.topology = topology;
  }

  synchronized void add(BankNode bank) {
    if (banks.isEmpty()) {
      banks = Collections.newSetFromMap(new WeakHashMap<>());
    }
    banks.add(bank);
  }

  private synchronized List<BankNode> all() {
    return new ArrayList<>(banks);
  }

  boolean areRendered() {
    return rendered;
  }

  /**
   * Whether selections are commits, or about to be.
   *
   * @return true from before the first commit that renders selections until after the first that renders none
   */
  public boolean commitsSelections() {
    return committing;
  }

  /** Makes selections commits. Needs the lock. */
  public void startCommitting() {
    committing = true;
  }

  /** Makes selections mere stores again, unless they are still rendered. Needs the lock. */
  public void stopCommitting() {
    committing = rendered;
  }

  /**
   * Sets whether views have the selected variant in the place of each bank, or the bank itself. This is a change like
   * any other.
   *
   * @param selected whether to render the selected variants
   */
  public void render(boolean selected) {
    all().forEach(bank -> topology.changeOwn(bank, () -> { }, () -> { }));
    boolean before = rendered;
    topology.onUndo(() -> rendered = before);
    rendered = selected;
  }
}
