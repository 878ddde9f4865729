package io.flatview.dispatch.fault;

import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;

/** A listener that begins transactions when it is called, and if it is stubborn goes on failing after a failure. */
final class Meddler implements MemoryListener {

  /** When it meddles. */
  enum When {
    PLAN,
    BEGIN,
    DEL,
    ADD,
    COMMIT
  }

  private When when = When.COMMIT;
  private List<Runnable> rounds = List.of();
  private int round;
  private boolean stubborn;

  /** Makes some transactions, one in each of the next commits. */
  void meddle(When at, List<Runnable> transactions) {
    when = at;
    rounds = transactions;
    round = 0;
  }

  /** Fails from the first failure on. */
  void beStubborn(boolean now) {
    stubborn = now;
  }

  private void hear(When now) {
    if (stubborn && Faults.fired()) {
      throw new IllegalStateException("stubborn");
    }
    if (now == when && round < rounds.size()) {
      run(rounds.get(round++));
    }
  }

  /** After a failure there is nothing more, in whatever address space it hears of the commit next. */
  private void run(Runnable transaction) {
    int next = round;
    round = rounds.size();
    transaction.run();
    round = next;
  }

  @Override
  public void plan(MapChange change) {
    hear(When.PLAN);
  }

  @Override
  public void begin(MapChange change) {
    hear(When.BEGIN);
  }

  @Override
  public void regionDel(MemoryRegionSection section) {
    hear(When.DEL);
  }

  @Override
  public void regionAdd(MemoryRegionSection section) {
    hear(When.ADD);
  }

  @Override
  public void commit(MapChange change) {
    hear(When.COMMIT);
  }

  @Override
  public void abort(MapChange change) {
    hear(null);
  }
}
