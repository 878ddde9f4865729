package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressRange;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stores that wait, and reach the device before it is looked at. */
class CoalescedStoresTest extends OnADevice {

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
