package io.flatview.examples.cli.demo.churn;

import io.flatview.examples.cli.demo.oracle.Findings;
import io.flatview.examples.cli.demo.oracle.Ledger;
import io.flatview.examples.cli.demo.place.Points;
import io.flatview.examples.cli.demo.place.Windows;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapException;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The writer: changes the windows as fast as it can, writes down every commit in the ledger, and makes some
 * transactions that must leave no trace. When its time is over it unplugs everything and waits for the last grace
 * period.
 */
public final class WriterLoop implements Runnable {

  private static final int VISIT_EVERY = 64;

  private final MemorySystem memory;
  private final Windows windows;
  private final Ledger ledger;
  private final BooleanSupplier running;
  private final SplittableRandom random = new SplittableRandom(42);
  private final InFlight inFlight = new InFlight();
  private final Supply supply;
  private final Editor editor;
  private final Refusal refusal = new Refusal();
  private final Witness witness;
  private final Visitor visitor;
  private final List<String> losses = new ArrayList<>();
  private Layout layout = Layout.EMPTY;
  private long takenBack;

  /**
   * A writer.
   *
   * @param memory the memory system that it changes
   * @param windows the windows that are changed
   * @param world where it writes down what it commits, and what is wrong
   * @param withRam whether it plugs memory besides devices, aliases and reserved places
   * @param running asked before every transaction
   */
  public WriterLoop(MemorySystem memory, Windows windows, World world, boolean withRam, BooleanSupplier running) {
    this.memory = memory;
    this.windows = windows;
    this.ledger = world.ledger;
    this.running = running;
    supply = new Supply(memory, world.findings, withRam, inFlight, random);
    editor = new Editor(windows, supply, random);
    witness = new Witness(memory, ledger, world.findings, world.points, random);
    visitor = new Visitor(memory, windows, world.findings);
  }

  /**
   * The state that the writer shares with the readers.
   *
   * @param ledger the commits
   * @param findings where wrong reads go
   * @param points the points that change
   */
  public record World(Ledger ledger, Findings findings, Points points) {}

  /**
   * The content of every point before the first commit.
   *
   * @return nothing, everywhere, as a frame has it
   */
  public static long[][] firstBlocks() {
    return Layout.EMPTY.blocks();
  }

  /** Writes until its time is over, and tidies up. A failure ends it and is reported by {@link #losses()}. */
  @Override
  public void run() {
    try (AddressSpace.Registration _ = windows.main().addListener(refusal);
        AddressSpace.Registration _ = windows.main().addListener(witness)) {
      for (long step = 1; running.getAsBoolean(); step++) {
        step(step);
      }
      tidyUp();
    } catch (RuntimeException e) {
      losses.add("the writer failed: " + e);
    }
  }

  private void step(long step) {
    supply.prepare();
    switch (random.nextInt(16)) {
      case 0 -> rollBack();
      case 1 -> mustFail(Refusal.Mode.REFUSE);
      case 2 -> mustFail(Refusal.Mode.FAIL);
      case 3, 4, 5 -> commit(this::editNested);
      default -> commit(editor::edit);
    }
    if (step % VISIT_EVERY == 0) {
      visitor.visit(layout, random.nextInt(Windows.COUNT));
    }
  }

  private void commit(Changes changes) {
    Draft draft = new Draft(layout);
    long number;
    CommitTicket ticket;
    try (Transaction transaction = memory.begin()) {
      changes.make(transaction, draft);
      number = ledger.announce(draft.layout().blocks());
      ticket = transaction.commit();
    }
    ledger.settle(number);
    layout = draft.layout();
    draft.abandoned().forEach(supply::discard);
    Runnable afterwards = supply.retire(draft.unplugged());
    inFlight.track(ticket, () -> quiesced(number, afterwards));
  }

  private void quiesced(long number, Runnable afterwards) {
    ledger.quiesce(number);
    afterwards.run();
  }

  /** Changes with a nested transaction in the middle, which is taken back every other time. */
  private void editNested(Transaction outer, Draft draft) {
    editor.edit(outer, draft);
    Draft nested = new Draft(draft.layout());
    boolean keep = random.nextBoolean();
    try (Transaction inner = memory.begin()) {
      editor.edit(inner, nested);
      if (keep) {
        inner.commit();
      }
    }
    if (keep) {
      draft.adopt(nested);
    } else {
      draft.reject(nested);
      takenBack++;
    }
    editor.edit(outer, draft);
  }

  private void rollBack() {
    Draft draft = new Draft(layout);
    try (Transaction transaction = memory.begin()) {
      editor.edit(transaction, draft);
    }
    forget(draft);
  }

  private void mustFail(Refusal.Mode mode) {
    Draft draft = new Draft(layout);
    refusal.set(mode);
    try (Transaction transaction = memory.begin()) {
      editor.edit(transaction, draft);
      editor.cover(transaction, draft);
      transaction.commit();
      throw new IllegalStateException("a commit that a listener refused was published");
    } catch (MapException e) {
      forget(draft);
    } finally {
      refusal.set(Refusal.Mode.ACCEPT);
    }
  }

  private void forget(Draft draft) {
    takenBack++;
    draft.plugged().forEach(supply::discard);
    draft.abandoned().forEach(supply::discard);
  }

  private void tidyUp() {
    commit(editor::clear);
    inFlight.finish();
    supply.close();
    inFlight.finish();
  }

  /**
   * The losses, once the thread has ended.
   *
   * @return statements for the user, none if all is well
   */
  public List<String> losses() {
    List<String> all = new ArrayList<>(losses);
    lost(all, inFlight.tracked() - inFlight.quiesced(), "commits never had their tickets completed");
    lost(all, supply.unburied(), "unplugged devices were never released");
    return all;
  }

  private static void lost(List<String> losses, long count, String what) {
    if (count != 0) {
      losses.add(count + " " + what);
    }
  }

  /**
   * How many commits were made, including those that only touched the staging space.
   *
   * @return the number so far
   */
  public long commits() {
    return inFlight.tracked();
  }

  /**
   * How many commits wait for their grace period.
   *
   * @return the number now
   */
  public long waiting() {
    return inFlight.tracked() - inFlight.quiesced();
  }

  /**
   * How many transactions were taken back: by the writer, or because a listener refused or failed.
   *
   * @return the number, once the thread has ended
   */
  public long takenBack() {
    return takenBack;
  }

  /**
   * How many changes of each kind were made, including those taken back.
   *
   * @return the numbers, once the thread has ended
   */
  public Map<Edit, Long> edits() {
    return editor.counts();
  }

  @FunctionalInterface
  private interface Changes {
    void make(Transaction transaction, Draft draft);
  }
}
