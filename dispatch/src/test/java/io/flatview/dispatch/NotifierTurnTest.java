package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuEvent.Kind;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapException;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A notifier is called while other threads wait for the turn, and so must not wait for what they hold. */
@Timeout(180)
class NotifierTurnTest extends OnTwoThreads {

  private static final IommuEvent EVENT = new IommuEvent.Unmap(new AddressRange(0, 0xfff));
  private static final IommuTranslator NOTHING = (_, _, _, _, entry) -> entry.deny();

  private final MemoryRegion.Iommu iommu = memory.iommu("iommu", Size.kib(16), NOTHING);
  private final List<IommuNotifier.Registration> registrations = new ArrayList<>();

  /** The callback has the turn, waits until the other thread holds something, and then does its work. */
  private void listen(Runnable work) {
    registrations.add(iommu.addNotifier(new IommuNotifier("shadow", Set.of(Kind.UNMAP, Kind.MAP), _ -> {
      if (held.getCount() > 0) {
        inTurn.countDown();
        await(held);
        pause();
        work.run();
      }
    })));
  }

  private Object tell(MemoryRegion.Iommu region) {
    region.notifyIommu(0, EVENT);
    return nothing();
  }

  private void commitsInTheCallbackWhile(Runnable other) throws Exception {
    MemoryRegion ram = memory.ram("ram", Size.kib(4));
    List<Boolean> within = new ArrayList<>();
    listen(() -> {
      memory.update(tx -> tx.addSubregion(system, 0x4000, ram));
      within.add(space.flatView().find(0x4000).isPresent());
    });
    settleDown(() -> tell(iommu), () -> inTransaction(other));
    assertEquals(List.of(false), within);
    assertTrue(space.flatView().find(0x4000).isPresent());
  }

  @Test
  void aCallbackCommitsWhenItsTurnHasEndedBesideATransactionThatNotifies() throws Exception {
    commitsInTheCallbackWhile(() -> tell(iommu));
  }

  @Test
  void aCallbackCommitsWhenItsTurnHasEndedBesideATransactionThatReplays() throws Exception {
    commitsInTheCallbackWhile(() -> {
      try (MapReader reader = memory.newReader("replay")) {
        registrations.getFirst().replay(reader);
      }
    });
  }

  @Test
  void aCallbackCommitsWhenItsTurnHasEndedBesideATransactionThatRegisters() throws Exception {
    commitsInTheCallbackWhile(() -> iommu.addNotifier(new IommuNotifier("late", Set.of(Kind.MAP), _ -> { })).close());
  }

  @Test
  void aTranslatorThatCommitsInAReplayDoesSoWhenTheTurnHasEnded() throws Exception {
    MemoryRegion ram = memory.ram("ram", Size.kib(4));
    MemoryRegion.Iommu asked = memory.iommu("asked", Size.kib(4), (_, _, _, _, entry) -> {
      inTurn.countDown();
      await(held);
      pause();
      memory.update(tx -> tx.addSubregion(system, 0x4000, ram));
      entry.deny();
    });
    IommuNotifier.Registration shadow = asked.addNotifier(new IommuNotifier("shadow", Set.of(Kind.MAP), _ -> { }));
    settleDown(() -> {
      try (MapReader reader = memory.newReader("replay")) {
        shadow.replay(reader);
      }
      return nothing();
    }, () -> inTransaction(() -> tell(asked)));
    assertTrue(space.flatView().find(0x4000).isPresent());
  }

  /** The device keeps threads apart, and notifies: as an IOMMU whose registers a guest writes does. */
  private MmioDevice notifying() {
    MmioRules rules = MmioRules.DEFAULT.withGuard(new DeviceGuard("registers", Locking.DEVICE, Reentrancy.REJECT));
    return new MmioDevice() {
      @Override
      public long read(long offset, int size, MemTx tx) {
        return 42;
      }

      @Override
      public void write(long offset, int size, long value, MemTx tx) {
        held.countDown();
        tell(iommu);
      }

      @Override
      public MmioRules rules() {
        return rules;
      }
    };
  }

  @Test
  void aCallbackIsRefusedTheDeviceThatWaitsForItsTurnAndTheEventArrives() throws Exception {
    refusesTheDeviceTo(() -> { });
  }

  /** Forbidden: a thread that has waited for the turn for long is refused as soon as the callback wants its device. */
  @Test
  void aCallbackIsRefusedTheDeviceThatHasWaitedForItsTurnForLong() throws Exception {
    refusesTheDeviceTo(() -> Await.pause(400));
  }

  private void refusesTheDeviceTo(Runnable before) throws Exception {
    memory.update(tx -> tx.addSubregion(system, 0x1000, memory.mmio("registers", Size.kib(4), notifying())));
    List<MemTxResult> results = new ArrayList<>();
    List<IommuEvent> heard = new ArrayList<>();
    listen(() -> {
      before.run();
      MapReader own = memory.reader();
      own.load(space, 0x1000, 4);
      results.add(own.lastResult());
    });
    iommu.addNotifier(new IommuNotifier("other", Set.of(Kind.UNMAP), heard::add));
    settleDown(() -> tell(iommu), () -> {
      await(inTurn);
      try (MapReader guest = memory.newReader("guest")) {
        guest.store(space, 0x1000, 4, 1);
        return guest.lastResult();
      }
    });
    assertEquals(List.of(MemTxResult.ACCESS_ERROR), results);
    assertEquals(List.of(EVENT, EVENT), heard);
  }

  @Test
  void ofTwoIommusWhoseCallbacksChangeEachOtherOneIsRefusedWithBothNames() throws Exception {
    MemoryRegion.Iommu other = memory.iommu("other", Size.kib(16), NOTHING);
    listen(() -> tell(other));
    other.addNotifier(new IommuNotifier("mirror", Set.of(Kind.UNMAP), _ -> {
      if (held.getCount() > 0) {
        held.countDown();
        tell(iommu);
      }
    }));
    ExecutionException refused = assertThrows(ExecutionException.class, () -> settleDown(() -> tell(iommu), () -> {
      await(inTurn);
      return tell(other);
    }));
    assertInstanceOf(IllegalStateException.class, refused.getCause());
    assertTrue(refused.getMessage().contains("'iommu'") && refused.getMessage().contains("'other'"),
        refused.getMessage());
  }

  private static IommuEvent event(long page) {
    return new IommuEvent.Unmap(new AddressRange(page << 12, page << 12 | 0xfff));
  }

  private IommuNotifier.Registration listen(MemoryRegion.Iommu region, Consumer<? super IommuEvent> callback) {
    return region.addNotifier(new IommuNotifier("mirror", Set.of(Kind.UNMAP, Kind.MAP), callback));
  }

  /** Forbidden: the second notifier gets the answer before the event. */
  @Test
  void anEventThatACallbackSendsComesToAllNotifiersAfterThePresentOne() {
    List<IommuEvent> first = new ArrayList<>();
    List<IommuEvent> second = new ArrayList<>();
    listen(iommu, sent -> {
      first.add(sent);
      if (first.size() < 3) {
        iommu.notifyIommu(0, event(first.size()));
      }
    });
    listen(iommu, second::add);
    iommu.notifyIommu(0, event(0));
    assertEquals(List.of(event(0), event(1), event(2)), first);
    assertEquals(first, second);
  }

  /** Forbidden: the unmap event of a page comes, and then the replay tells the page as it was at its beginning. */
  @Test
  void anEventThatACallbackSendsInAReplayComesWhenTheReplayHasEnded() {
    IommuEvent.Map low = new IommuEvent.Map(new AddressRange(0, 0xfff), space, 0, true, true);
    IommuEvent.Map high = new IommuEvent.Map(new AddressRange(0x1000, 0x1fff), space, 0, true, true);
    MemoryRegion.Iommu replayed = memory.iommu("replayed", Size.kib(16), new IommuTranslator() {
      @Override
      public void translate(long address, Access access, int index, MapReader by, IommuTlbEntry entry) {
        entry.deny();
      }

      @Override
      public void replay(
          AddressRange range, int index, MapReader by, Consumer<? super IommuEvent.Map> mapped) {
        mapped.accept(low);
        mapped.accept(high);
      }
    });
    List<IommuEvent> heard = new ArrayList<>();
    IommuNotifier.Registration shadow = listen(replayed, sent -> {
      heard.add(sent);
      if (sent.equals(low)) {
        replayed.notifyIommu(0, event(1));
      }
    });
    shadow.replay(reader);
    assertEquals(List.of(low, high, event(1)), heard);
  }

  @Test
  void callbacksThatAnswerEachEventByAnotherAreRefusedInTheEnd() {
    IommuNotifier.Registration endless = listen(iommu, _ -> iommu.notifyIommu(0, event(1)));
    IllegalStateException refused = assertThrows(IllegalStateException.class, () -> iommu.notifyIommu(0, event(0)));
    assertTrue(refused.getMessage().contains("iommu"), refused.getMessage());
    endless.close();
    List<IommuEvent> heard = new ArrayList<>();
    listen(iommu, heard::add);
    iommu.notifyIommu(0, event(2));
    assertEquals(List.of(event(2)), heard);
  }

  /** Forbidden: the refusal puts back a notifier that was closed meanwhile, and its kinds stay wanted. */
  @Test
  void aRefusedNotifierBringsBackNoneThatTheTranslatorClosedMeanwhile() {
    List<Set<Kind>> wanted = new ArrayList<>();
    MemoryRegion.Iommu strict = memory.iommu("strict", Size.kib(16), new IommuTranslator() {
      @Override
      public void translate(long address, Access access, int index, MapReader by, IommuTlbEntry entry) {
        entry.deny();
      }

      @Override
      public void notifiersChanged(MemoryRegion.Iommu region, int index, Set<Kind> kinds) {
        wanted.add(kinds);
        if (wanted.size() == 2) {
          registrations.getFirst().close();
          throw new IllegalStateException("no more");
        }
      }
    });
    registrations.add(strict.addNotifier(new IommuNotifier("first", Set.of(Kind.MAP), _ -> { })));
    assertThrows(MapException.class,
        () -> strict.addNotifier(new IommuNotifier("refused", Set.of(Kind.MAP), _ -> { })));
    strict.addNotifier(new IommuNotifier("last", Set.of(Kind.UNMAP), _ -> { }));
    assertEquals(Set.of(Kind.UNMAP), wanted.getLast());
  }

  @Test
  void aCallbackThatWaitsForAGracePeriodIsRefusedAtOnce() {
    List<Class<?>> refused = new ArrayList<>();
    iommu.addNotifier(new IommuNotifier("shadow", Set.of(Kind.UNMAP), _ ->
        refused.add(assertThrows(IllegalStateException.class, policy::synchronize).getClass())));
    iommu.notifyIommu(0, EVENT);
    assertEquals(List.of(IllegalStateException.class), refused);
    policy.synchronize();
  }
}
