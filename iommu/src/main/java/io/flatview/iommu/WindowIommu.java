package io.flatview.iommu;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.InvalidationSequence;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Translation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * An IOMMU of a few windows, each with a target and a permission; it refuses accesses outside all windows.
 *
 * <p>If a notifier throws, the others are called all the same. {@link #map} or {@link #unmap} then throws the first
 * failure, with up to 16 others suppressed; the window is in force, or gone, all the same.
 *
 * <p><b>Threading.</b> Any thread may map and unmap while others translate. A translation sees all windows of one
 * moment. After {@link #unmap} returns, a read-side section entered later does not see the window; a grace period later
 * no section does. Changes are made one at a time, with the calls of their notifiers; a change that has waited {@value
 * #MOST_SECONDS} s for another one is refused, as a notifier of that may be waiting for a lock of the calling thread.
 * A change that a notifier makes is in force at once, and notifiers are called for it after all were called for the
 * first; their failures are those of the first.
 */
public final class WindowIommu implements IommuTranslator {

  /** Called for refused accesses. */
  public interface FaultHandler {

    /**
     * Called when an access was refused, in the accessing thread and inside its read-side section; must not block.
     *
     * @param address the offset in the IOMMU region, unsigned
     * @param access the kind of the refused access
     * @param fault the reason of the refusal
     */
    void refused(long address, Access access, Translation.Fault fault);
  }

  private static final int MOST_SECONDS = 5;

  /** Held while windows change and notifiers are called. */
  private final ChangeOrder order = new ChangeOrder(Duration.ofSeconds(MOST_SECONDS));

  /**
   * The windows in ascending order, without overlaps; the array is replaced whole under the lock. The volatile store in
   * {@link #publish} pairs with the volatile load in {@link #translate}: no translation sees a half-made window.
   */
  private volatile IovaWindow[] windows = {};

  /** Advances after each store to the windows. */
  private final InvalidationSequence changes = new InvalidationSequence();

  /** The regions with notifiers; a concurrent set, as it changes in the regions' turns, and windows under this lock. */
  private final Set<MemoryRegion.Iommu> listened = ConcurrentHashMap.newKeySet();

  private final FaultHandler faults;

  /** An IOMMU that refuses everything. */
  public WindowIommu() {
    this((_, _, _) -> {});
  }

  /**
   * An IOMMU that refuses everything, and calls a handler for each refused access.
   *
   * @param faults the handler, called for each refused access
   */
  public WindowIommu(FaultHandler faults) {
    this.faults = faults;
  }

  /**
   * Maps addresses.
   *
   * @param range offsets in the IOMMU's region
   * @param target the address space to which they are mapped
   * @param targetFirst the address in {@code target} to which the first of them is mapped, unsigned; that of the last
   *     must not pass 2<sup>64</sup>-1
   * @param permission the kinds of access that are granted
   * @throws IllegalArgumentException if a window holds some of the addresses already, or the target range wraps around;
   *     nothing has changed then
   * @throws IllegalStateException if another thread's change does not get on; nothing has changed then
   */
  public void map(AddressRange range, AddressSpace target, long targetFirst, Permission permission) {
    inOrder(() -> add(range, target, targetFirst, permission));
  }

  private void add(AddressRange range, AddressSpace target, long targetFirst, Permission permission) {
    IovaWindow added = new IovaWindow(range, target, targetFirst, permission);
    if (Long.compareUnsigned(range.last() - range.first(), -1 - targetFirst) > 0) {
      throw new IllegalArgumentException("window " + added + " leads past the last address of its target");
    }
    List<IovaWindow> changed = new ArrayList<>(List.of(windows));
    int at = 0;
    while (at < changed.size() && Long.compareUnsigned(changed.get(at).range().first(), range.first()) < 0) {
      at++;
    }
    refuseOverlap(changed, at - 1, added);
    refuseOverlap(changed, at, added);
    changed.add(at, added);
    publish(changed, added.event());
  }

  private static void refuseOverlap(List<IovaWindow> windows, int at, IovaWindow added) {
    if (at >= 0 && at < windows.size() && windows.get(at).range().overlaps(added.range())) {
      throw new IllegalArgumentException(
          "window " + added + " overlaps window " + windows.get(at) + "; unmap that one first");
    }
  }

  /**
   * Unmaps a window.
   *
   * @param range the range of a window, exactly as it was mapped
   * @throws IllegalArgumentException if no window has that range; nothing has changed then
   * @throws IllegalStateException if another thread's change does not get on; nothing has changed then
   */
  public void unmap(AddressRange range) {
    inOrder(() -> remove(range));
  }

  private void remove(AddressRange range) {
    List<IovaWindow> changed = new ArrayList<>(List.of(windows));
    if (!changed.removeIf(window -> window.range().equals(range))) {
      throw new IllegalArgumentException("no window at " + range + "; mapped are " + changed);
    }
    publish(changed, new IommuEvent.Unmap(range));
  }

  private void inOrder(Runnable change) {
    if (!order.begin()) {
      throw new IllegalStateException("another thread has been changing the windows, or calling one notifier, for "
          + MOST_SECONDS + " s; a notifier must not wait for what another thread holds; nothing has changed");
    }
    try {
      change.run();
    } finally {
      order.end();
    }
  }

  private void publish(List<IovaWindow> changed, IommuEvent event) {
    windows = changed.toArray(IovaWindow[]::new);
    changes.advance();
    order.call(() -> tell(event));
  }

  private void tell(IommuEvent event) {
    Failures failures = new Failures();
    for (MemoryRegion.Iommu region : listened) {
      failures.collect(() -> region.notifyIommu(0, event));
      order.getOn();
    }
    failures.rethrow();
  }

  @Override
  public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
    long number = changes.current();
    IovaWindow[] present = windows;
    int low = 0;
    int high = present.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      AddressRange range = present[middle].range();
      if (Long.compareUnsigned(address, range.first()) < 0) {
        high = middle - 1;
      } else if (Long.compareUnsigned(address, range.last()) > 0) {
        low = middle + 1;
      } else {
        present[middle].grant(address, entry);
        entry.reusableWhile(changes, number);
        return;
      }
    }
  }

  @Override
  public void refused(
      long address, Access access, int index, Translation.Fault fault, IommuTlbEntry entry, MapReader reader) {
    faults.refused(address, access, fault);
  }

  /** Windows may have any size and place. */
  @Override
  public long pageSizeMask() {
    return -1;
  }

  @Override
  public void replay(AddressRange range, int index, MapReader reader, Consumer<? super IommuEvent.Map> mapped) {
    List<IommuEvent.Map> runs = new ArrayList<>();
    for (IovaWindow window : windows) {
      window.event().crop(range).ifPresent(event -> append(runs, (IommuEvent.Map) event));
    }
    runs.forEach(mapped);
  }

  private static void append(List<IommuEvent.Map> runs, IommuEvent.Map next) {
    if (!runs.isEmpty() && runs.getLast().isContinuedBy(next)) {
      runs.set(runs.size() - 1, runs.getLast().joinedWith(next));
    } else {
      runs.add(next);
    }
  }

  @Override
  public void notifiersChanged(MemoryRegion.Iommu region, int index, Set<IommuEvent.Kind> kinds) {
    if (kinds.isEmpty()) {
      listened.remove(region);
    } else {
      listened.add(region);
    }
  }
}
