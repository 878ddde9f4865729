package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.dispatch.model.Timeline.Difference;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.rcu.ReadSection;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** A reader that always sees what is in force, and one that lingers in its sections; and the memory that both hold. */
final class Readers {

  private final RealMap real;
  private final ViewChecks checks;
  private final RamLedger ledger;
  private final AccessOracle oracle;
  private final MapReader fresh;
  private final MapReader lingering;
  private ReadSection section;
  private Shown pinned;

  Readers(RealMap real, ViewChecks checks) {
    this.real = real;
    this.checks = checks;
    ledger = new RamLedger(real);
    oracle = new AccessOracle(ledger::touch);
    fresh = real.memory.newReader("fresh");
    lingering = real.memory.newReader("lingering");
  }

  MapReader fresh() {
    return fresh;
  }

  void enter(Shown shown) {
    if (section == null) {
      section = lingering.enter();
      pinned = new Shown(shown.map().copy(), new TreeMap<>(shown.views()));
    }
  }

  void leave() {
    if (section != null) {
      section.close();
      section = null;
      pinned = null;
      ledger.leave();
    }
  }

  void close() {
    fresh.close();
    lingering.close();
  }

  void published(Collection<Difference> differences, CommitTicket ticket) {
    ledger.retire(differences.stream().map(Difference::before).toList(), ticket, section != null);
  }

  void publishedNothing(CommitTicket ticket) {
    ledger.follow(ticket, section != null);
  }

  void gracePeriod(Shown shown) {
    real.policy.runGracePeriod();
    ledger.gracePeriod();
    verify(shown);
    assertEquals(List.of(), real.policy.failures(), "what reclamation threw");
  }

  /** A reader in a section still sees the generation that was in force when it entered, and no memory of it is gone. */
  void verify(Shown shown) {
    ledger.verify(shown.map(), shown.all());
    if (pinned != null) {
      pinned.views().forEach((space, view) -> checks.translates(lingering, space, view));
    }
  }

  void load(Op.Load load, Shown shown) {
    Shown seen = pinned != null ? pinned : shown;
    List<ModelSection> view = seen.views().get(load.space());
    if (view != null) {
      long expected = oracle.load(seen.map(), view, load.address(), load.size());
      long actual = reader().load(real.space(load.space()), load.address(), load.size());
      assertEquals(expected, actual, load::toString);
      verify(load, reader().lastResult(), shown);
    }
  }

  void store(Op.Store store, Shown shown) {
    Shown seen = pinned != null ? pinned : shown;
    List<ModelSection> view = seen.views().get(store.space());
    if (view != null) {
      oracle.store(seen.map(), view, store.address(), store.size(), store.value());
      MemTxResult actual =
          reader().store(real.space(store.space()), store.address(), store.size(), store.value());
      verify(store, actual, shown);
    }
  }

  private MapReader reader() {
    return pinned != null ? lingering : fresh;
  }

  private void verify(Op op, MemTxResult actual, Shown shown) {
    assertEquals(oracle.result(), actual, op::toString);
    ledger.verify(shown.map(), shown.all());
  }
}
