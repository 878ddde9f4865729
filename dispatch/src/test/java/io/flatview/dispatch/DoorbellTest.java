package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stores that ring or wait, and do not call the device when they are made. */
class DoorbellTest extends OnAMachine {

  private final List<String> rung = new ArrayList<>();
  private final Registers registers = new Registers();
  private final MemoryRegion.Mmio device = memory.mmio("device", Size.kib(4), registers);

  @BeforeEach
  void placed() {
    place(0x1000, device);
  }

  private Doorbell add(Doorbell doorbell) {
    memory.update(tx -> tx.addDoorbell(device, doorbell));
    return doorbell;
  }

  private Runnable rings(String what) {
    return () -> rung.add(what);
  }

  private void assertRings(String what, long address, int size, long value) {
    rung.clear();
    registers.asked.clear();
    assertStores(address, size, value);
    assertEquals(List.of(what), rung);
    assertEquals(List.of(), registers.asked);
  }

  private void assertCallsDevice(long address, int size, long value) {
    rung.clear();
    registers.asked.clear();
    assertStores(address, size, value);
    assertEquals(List.of(), rung);
    assertEquals(1, registers.asked.size());
  }

  // Doorbells

  @Test
  void aDoorbellRingsForWhatItAsksForAndNothingElse() {
    add(Doorbell.at(0x10, rings("any")));
    assertRings("any", 0x1010, 1, 5);
    assertRings("any", 0x1010, 8, 6);
    assertCallsDevice(0x1011, 1, 5);
    assertCallsDevice(0x100f, 2, 5);
    load(0x1010, 4);
    assertEquals(List.of("read 4 @10"), registers.asked.subList(1, 2));
  }

  @Test
  void theDoorbellThatAsksForMostRings() {
    add(Doorbell.at(0x10, rings("any")));
    add(Doorbell.at(0x10, 4, rings("four")));
    add(Doorbell.at(0x10, 4, 7, rings("seven")));
    add(Doorbell.at(0x8, 4, rings("before")));
    assertRings("seven", 0x1010, 4, 7);
    assertRings("four", 0x1010, 4, 8);
    assertRings("any", 0x1010, 2, 7);
    assertRings("before", 0x1008, 4, 7);
    assertEquals(4, device.doorbells().size());
  }

  @Test
  void aDoorbellOfAllBitsMatchesTheStoredBits() {
    add(Doorbell.at(0, 2, 0xffff, rings("ones")));
    assertRings("ones", 0x1000, 2, -1);
    add(Doorbell.at(0, 8, -1, rings("long")));
    assertRings("long", 0x1000, 8, -1);
  }

  @Test
  void aDoorbellBelongsToItsRegisterWhereverThatShows() {
    add(Doorbell.at(0x10, 4, rings("bell")));
    place(0x8000, alias("window", device, 0x10, 0x10));
    assertRings("bell", 0x8000, 4, 1);
    memory.update(tx -> tx.setAddress(device, 0x3000));
    assertRings("bell", 0x3010, 4, 1);
  }

  @Test
  void aDoorbellBehindAReadOnlyWindowDoesNotRing() {
    add(Doorbell.at(0, rings("bell")));
    memory.update(tx -> tx.setReadOnly(device, true));
    assertEquals(MemTxResult.DECODE_ERROR, store(0x1000, 4, 1));
    assertEquals(List.of(), rung);
  }

  @Test
  void doorbellsComeAndGoWithTransactionsAndRenderNothing() {
    long generation = memory.generation();
    Doorbell bell = Doorbell.at(0, rings("bell"));
    try (Transaction tx = memory.begin()) {
      tx.addDoorbell(device, bell);
      assertCallsDevice(0x1000, 4, 1);
    }
    assertEquals(List.of(), device.doorbells());
    add(bell);
    assertRings("bell", 0x1000, 4, 1);
    try (Transaction tx = memory.begin()) {
      tx.removeDoorbell(device, bell);
    }
    assertRings("bell", 0x1000, 4, 1);
    memory.update(tx -> tx.removeDoorbell(device, bell));
    assertCallsDevice(0x1000, 4, 1);
    assertEquals(generation, memory.generation());
  }

  @Test
  void aRemovalIsQuiescedWhenNobodyCanBeRinging() {
    Doorbell bell = add(Doorbell.at(0, rings("bell")));
    policy.runGracePeriod();
    CommitTicket ticket;
    try (ReadSection _ = reader.enter()) {
      ticket = memory.update(tx -> tx.removeDoorbell(device, bell));
      policy.runGracePeriod();
      assertFalse(ticket.quiesced().toCompletableFuture().isDone());
    }
    policy.runGracePeriod();
    assertTrue(ticket.quiesced().toCompletableFuture().isDone());
  }

  @Test
  void twoDoorbellsForTheSameStoresAreRefused() {
    Doorbell first = add(Doorbell.at(0x10, 4, 7, rings("first")));
    assertFault(MapFault.Id.DOORBELL, () -> add(Doorbell.at(0x10, 4, 7, rings("second"))),
        "'device'", "0000000000000010", "of 4 bytes", "0000000000000007");
    assertRings("first", 0x1010, 4, 7);
    memory.update(tx -> tx.removeDoorbell(device, first));
    assertFault(MapFault.Id.DOORBELL, () -> memory.update(tx -> tx.removeDoorbell(device, first)),
        "'device'", "0000000000000010");
  }

  @Test
  void aDoorbellThatNoStoreCanRingIsRefused() {
    assertRefused(IllegalArgumentException.class, () -> Doorbell.at(0, 3, rings("odd")), "3 bytes");
    assertRefused(IllegalArgumentException.class, () -> Doorbell.at(0, 1, 0x100, rings("large")),
        "0000000000000100");
    assertRefused(IllegalArgumentException.class, () -> Doorbell.at(0, 0, 1, rings("vague")), "how many bytes");
  }

  // Listeners

  /** Writes down where doorbells and coalesced ranges come and go, and refuses once if it is told to. */
  private static final class Witness implements MemoryListener {

    private final String name;
    private final int priority;
    private final List<String> heard;
    private String refused = "nothing";

    Witness(String name, int priority, List<String> heard) {
      this.name = name;
      this.priority = priority;
      this.heard = heard;
    }

    private void hear(String what, long address) {
      if (what.equals(refused)) {
        refused = "nothing";
        throw new IllegalArgumentException("on purpose");
      }
      heard.add(name + " " + what + " " + Long.toHexString(address));
    }

    @Override
    public int priority() {
      return priority;
    }

    @Override
    public boolean wantsDoorbells() {
      return true;
    }

    @Override
    public void regionAdd(MemoryRegionSection section) {
      hear("region+", section.range().first());
    }

    @Override
    public void regionDel(MemoryRegionSection section) {
      hear("region-", section.range().first());
    }

    @Override
    public void doorbellAdd(MemoryRegion.Mmio device, long address, Doorbell doorbell) {
      hear("bell+", address);
    }

    @Override
    public void doorbellDel(MemoryRegion.Mmio device, long address, Doorbell doorbell) {
      hear("bell-", address);
    }

    @Override
    public void coalescedAdd(MemoryRegion.Mmio device, AddressRange addresses) {
      hear("wait+", addresses.first());
    }

    @Override
    public void coalescedDel(MemoryRegion.Mmio device, AddressRange addresses) {
      hear("wait-", addresses.first());
    }
  }

  private static void assertHeard(List<String> heard, String... expected) {
    assertEquals(List.of(expected), heard);
    heard.clear();
  }

  @Test
  void listenersHearWhereDoorbellsAndCoalescedRangesComeAndGo() {
    List<String> heard = new ArrayList<>();
    Doorbell bell = add(Doorbell.at(0x10, 4, rings("bell")));
    coalesce(0x100, 0x1ff);
    AddressSpace.Registration a = space.addListener(new Witness("a", 1, heard));
    assertHeard(heard, "a region+ 1000", "a wait+ 1100", "a bell+ 1010");
    try (AddressSpace.Registration _ = space.addListener(new Witness("b", 2, heard))) {
      heard.clear();
      memory.update(tx -> tx.removeDoorbell(device, bell));
      assertHeard(heard, "b bell- 1010", "a bell- 1010");
      memory.update(tx -> tx.addDoorbell(device, bell).clearCoalesced(device));
      assertHeard(heard, "b wait- 1100", "a wait- 1100", "a bell+ 1010", "b bell+ 1010");
    }
    coalesce(0x100, 0x1ff);
    heard.clear();
    memory.update(tx -> tx.setAddress(device, 0x3000));
    assertHeard(heard, "a wait- 1100", "a region- 1000", "a region+ 3000", "a wait+ 3100", "a bell- 1010",
        "a bell+ 3010");
    place(0x8000, alias("window", device, 0x10, 0x80));
    assertHeard(heard, "a region+ 8000", "a bell+ 8000");
    a.close();
    assertHeard(heard, "a wait- 3100", "a region- 3000", "a region- 8000", "a bell- 3010", "a bell- 8000");
    memory.update(tx -> tx.removeDoorbell(device, bell));
    assertHeard(heard);
  }

  @Test
  void aListenerThatRefusesADoorbellLeavesNoneBehind() {
    List<String> heard = new ArrayList<>();
    Witness second = new Witness("b", 2, heard);
    try (AddressSpace.Registration _ = space.addListener(new Witness("a", 1, heard));
        AddressSpace.Registration _ = space.addListener(second)) {
      heard.clear();
      second.refused = "bell+";
      assertFault(MapFault.Id.LISTENER_FAILED, () -> memory.update(tx -> tx
          .addCoalesced(device, new AddressRange(0x100, 0x1ff))
          .addDoorbell(device, Doorbell.at(0x10, rings("bell")))), "on purpose");
      assertHeard(heard,
          "a wait+ 1100", "b wait+ 1100", "a bell+ 1010", "a bell- 1010", "b wait- 1100", "a wait- 1100");
      assertEquals(List.of(), device.doorbells());
      assertCallsDevice(0x1010, 4, 1);
      assertCallsDevice(0x1100, 4, 1);
    }
  }

  // Coalesced stores

  private void coalesce(long first, long last) {
    memory.update(tx -> tx.addCoalesced(device, new AddressRange(first, last)));
  }

  @Test
  void coalescedStoresWaitForALoad() {
    coalesce(0x10, 0x1f);
    assertStores(0x1010, 4, 1);
    assertStores(0x101f, 1, 2);
    assertEquals(List.of(), registers.asked);
    load(0x1800, 4);
    assertEquals(List.of("write 4 @10 = 1", "write 1 @1f = 2", "read 4 @800"), registers.asked);
  }

  @Test
  void coalescedStoresReachTheDeviceBeforeAnyOtherStore() {
    coalesce(0x10, 0x1f);
    assertStores(0x1010, 4, 1);
    assertStores(0x101e, 4, 2);
    assertStores(0x1010, 4, 3);
    device.flushCoalesced();
    assertEquals(List.of("write 4 @10 = 1", "write 4 @1e = 2", "write 4 @10 = 3"), registers.asked);
    device.flushCoalesced();
    assertEquals(3, registers.asked.size());
  }

  @Test
  void coalescedStoresReachTheDeviceBeforeItsDoorbellRings() {
    List<String> seen = registers.asked;
    coalesce(0, 0xff);
    memory.update(tx -> tx.addDoorbell(device, Doorbell.at(0x80, () -> seen.add("bell"))));
    assertStores(0x1000, 4, 1);
    assertStores(0x1080, 4, 2);
    assertEquals(List.of("write 4 @0 = 1", "bell"), seen);
  }

  @Test
  void tooManyCoalescedStoresReachTheDeviceByThemselvesAndInOrder() {
    coalesce(0, 0xfff);
    for (int i = 0; i < 1000; i++) {
      assertStores(0x1000, 4, i);
    }
    int before = registers.asked.size();
    assertTrue(before >= 512 && before < 1000, "reached the device: " + before);
    device.flushCoalesced();
    for (int i = 0; i < 1000; i++) {
      assertEquals("write 4 @0 = " + Integer.toHexString(i), registers.asked.get(i));
    }
  }

  @Test
  void otherDevicesDoNotFlush() {
    coalesce(0, 0xfff);
    place(0x8000, mmio("other", 0x1000));
    assertStores(0x1000, 4, 1);
    load(0x8000, 4);
    assertEquals(List.of(), registers.asked);
    remove(device);
    device.flushCoalesced();
    assertEquals(List.of("write 4 @0 = 1"), registers.asked);
  }

  @Test
  void storesThatWaitSurviveTheEndOfCoalescing() {
    coalesce(0, 0xfff);
    assertEquals(List.of(new AddressRange(0, 0xfff)), device.coalesced());
    assertStores(0x1000, 4, 1);
    memory.update(tx -> tx.clearCoalesced(device));
    assertStores(0x1000, 4, 2);
    assertEquals(List.of("write 4 @0 = 1", "write 4 @0 = 2"), registers.asked);
  }

  @Test
  void aDeviceMayComeBackWhileItIsGivenWhatWaited() {
    List<String> seen = new ArrayList<>();
    MmioHandler curious = new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        seen.add("read");
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        seen.add("write " + value);
        if (value == 1) {
          memory.reader().store(space, 0x8000, 4, 3);
          memory.reader().load(space, 0x8000, 4);
        }
      }
    };
    MemoryRegion.Mmio other = memory.mmio("curious", Size.kib(4), curious);
    memory.update(tx -> tx.addSubregion(system, 0x8000, other).addCoalesced(other, new AddressRange(0, 0xfff)));
    assertStores(0x8000, 4, 1);
    assertStores(0x8000, 4, 2);
    other.flushCoalesced();
    other.flushCoalesced();
    assertEquals(List.of("write 1", "write 2", "write 3"), seen);
  }

  /** Notes how it is called, and comes back to itself. */
  private final class Guarded implements MmioDevice {

    private final DeviceGuard guard = new DeviceGuard("guarded", Locking.DEVICE, Reentrancy.REJECT);
    private final List<String> seen = new ArrayList<>();

    @Override
    public MmioRules rules() {
      return MmioRules.DEFAULT.withGuard(guard);
    }

    @Override
    public long read(long offset, int size, MemTx tx) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value, MemTx tx) {
      tx.reader().load(space, 0x8000, 4);
      seen.add((guard.lock().isHeldByCurrentThread() ? "locked " : "unlocked ") + value + " of "
          + tx.attributes().requesterId() + ": " + tx.reader().lastResult());
    }
  }

  @Test
  void whatWaitedReachesTheDeviceUnderItsLockAndItsGuard() {
    Guarded guarded = new Guarded();
    MemoryRegion.Mmio other = memory.mmio("guarded", Size.kib(4), guarded);
    memory.update(tx -> tx.addSubregion(system, 0x8000, other).addCoalesced(other, new AddressRange(0, 0xfff)));
    MemTxAttrs initiator = MemTxAttrs.ofRequester(7);
    reader.store(space, 0x8000, 4, 1, ByteOrder.LITTLE_ENDIAN, initiator);
    other.flushCoalesced();
    reader.store(space, 0x8000, 4, 2, ByteOrder.LITTLE_ENDIAN, initiator);
    assertLoads(0, 0x8000, 4);
    String how = " of 7: " + MemTxResult.ACCESS_ERROR;
    assertEquals(List.of("locked 1" + how, "locked 2" + how), guarded.seen);
    guarded.seen.clear();
    for (int i = 0; i < 257; i++) {
      assertStores(0x8000, 4, i);
    }
    assertEquals(256, guarded.seen.size());
    assertTrue(guarded.seen.stream().allMatch(call -> call.startsWith("locked")));
  }

  /** The stores of a device with rules wait, too, and are cut and turned when they arrive. */
  @Test
  void whatWaitedReachesTheDeviceInItsSizesAndItsOrder() {
    MmioRules rules = MmioRules.DEFAULT
        .withImplemented(new AccessSizes(2, 4, false)).withOrder(ByteOrder.BIG_ENDIAN);
    RuledDevice ruled = new RuledDevice(rules);
    MemoryRegion.Mmio other = memory.mmio("ruled", Size.bytes(16), ruled);
    memory.update(tx -> tx.addSubregion(system, 0x8000, other).addCoalesced(other, new AddressRange(0, 15)));
    assertStores(0x8000, 8, 0x8877665544332211L);
    assertStores(0x8009, 1, 0x99);
    assertEquals(List.of(), ruled.asked);
    other.flushCoalesced();
    assertEquals(List.of("w4@0/ffffffff", "w4@4/ffffffff", "w2@8/ff"), ruled.asked);
    assertLoads(0x8877665544332211L, 0x8000, 8);
    assertLoads(0x99, 0x8009, 1);
  }

  /** A device in its own callback finds its ring full: the store is refused, and does not pass those that wait. */
  @Test
  void aStoreThatFindsItsOwnRingFullIsRefused() {
    List<MemTxResult> results = new ArrayList<>();
    MmioDevice flood = new MmioDevice() {
      @Override
      public long read(long offset, int size, MemTx tx) {
        for (int i = 0; i < 257; i++) {
          results.add(tx.reader().store(space, 0x8000, 4, i));
        }
        return 0;
      }

      @Override
      public void write(long offset, int size, long value, MemTx tx) {
        assertEquals(results.size(), 257);
      }
    };
    MemoryRegion.Mmio other = memory.mmio("flood", Size.kib(4), flood);
    memory.update(tx -> tx.addSubregion(system, 0x8000, other).addCoalesced(other, new AddressRange(0, 0xfff)));
    assertLoads(0, 0x8000, 4);
    assertEquals(MemTxResult.OK, results.get(255));
    assertEquals(MemTxResult.ACCESS_ERROR, results.get(256));
    other.flushCoalesced();
  }

  /** Thread a is in the device and looks at it again; thread b hands it what waits. Neither may wait for the other. */
  @Test
  void aDeliveryAndACallbackDoNotWaitForEachOther() throws Exception {
    Guarded guarded = new Guarded();
    MemoryRegion.Mmio other = memory.mmio("guarded", Size.kib(4), guarded);
    memory.update(tx -> tx.addSubregion(system, 0x8000, other).addCoalesced(other, new AddressRange(0, 0xff)));
    Runnable churn = () -> {
      for (int i = 0; i < 5_000; i++) {
        memory.reader().store(space, 0x8000, 4, i);
        memory.reader().store(space, 0x8100, 4, i);
        other.flushCoalesced();
      }
    };
    Thread a = Thread.ofPlatform().daemon().start(churn);
    Thread b = Thread.ofPlatform().daemon().start(churn);
    assertTrue(a.join(Duration.ofSeconds(60)) && b.join(Duration.ofSeconds(60)));
    assertTrue(guarded.seen.stream().allMatch(call -> call.startsWith("locked")));
    assertEquals(20_000, guarded.seen.size());
  }

  @Test
  void aRangeOutsideTheDeviceIsRefused() {
    assertFault(MapFault.Id.OUT_OF_REGION, () -> coalesce(0xff0, 0x1000), "'device'", "0000000000001000", "0x1000");
    assertEquals(List.of(), device.coalesced());
  }
}
