package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.Await;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The performance monitor: 5.19 to 5.23. */
class PerformanceMonitorTest extends OnAnIommu {

  private static final int OVERFLOWS = 88;
  private static final int INHIBITS = 92;
  private static final int CYCLES = 96;
  private static final long OF = 1L << 63;
  private static final long IDT = 1L << 62;
  private static final long DV = 1L << 61;
  private static final long PV = 1L << 60;
  private static final long DMASK = 1 << 15;
  private static final long IOVA = 0x4000_5000L;

  @BeforeEach
  void twoStages() {
    long secondRoot = frames(4);
    map(PagingMode.SV39, true, secondRoot, 0, 0, 2, LEAF);
    long root = frames(1);
    map(PagingMode.SV39, false, root, IOVA, 0x60_0000, 0, LEAF);
    context(DeviceContext.VALID, SV39 | 5L << 44 | secondRoot >>> 12, 7 << 12, SV39 | root >>> 12);
  }

  private void select(int counter, long selector) {
    set8(352 + 8 * (counter - 1), selector);
  }

  private long count(int counter) {
    long value = get8(104 + 8 * (counter - 1));
    set8(104 + 8 * (counter - 1), 0);
    return value;
  }

  private void access() {
    reader.load(bus(), IOVA, 4);
  }

  /** A request is one, whatever a reader or the cache remembers of it. */
  @Test
  void everyRequestCounts() {
    access();
    select(1, 1);
    for (int i = 0; i < 5; i++) {
      access();
    }
    assertEquals(5, count(1));
    select(1, 0);
    access();
    assertEquals(0, count(1));
  }

  @Test
  void walksCountByTheirEntries() {
    for (int event = 4; event <= 8; event++) {
      select(event - 3, event);
    }
    command(3, 0);
    access();
    access();
    assertEquals(1, count(1), "misses");
    assertEquals(1, count(2), "device directory");
    assertEquals(0, count(3), "process directory");
    assertEquals(3, count(4), "first stage");
    assertEquals(4, count(5), "second stage: for three tables and the page");
  }

  @Test
  void filtersNameDevicesAndContexts() {
    long did = (long) DEVICE << 36;
    long[][] filters = {
      {1, 1}, {1 | DV | did, 1}, {1 | DV | did + (1L << 36), 0}, {1 | DV | DMASK | 0x27L << 36, 1},
      {1 | DV | DMASK | 0x2bL << 36, 1}, {1 | DV | DMASK | 0x23L << 36, 0}, {1 | PV, 0}, {1 | PV | DV | did, 0},
      {4 | IDT | DV | 5L << 36, 1}, {4 | IDT | DV | 6L << 36, 0}, {4 | IDT | PV | 7 << 16, 1},
      {4 | IDT | PV | 8 << 16, 0},
      {4 | IDT | PV | DV | 5L << 36 | 7 << 16, 1}, {1 | IDT | DV | 5L << 36, 0}, {9, 0}, {0x4001, 0},
    };
    for (long[] filter : filters) {
      select(1, filter[0]);
      invalidateAll();
      command(1 | 1 << 7, 0);
      access();
      assertEquals(filter[1], count(1), Long.toHexString(filter[0]));
    }
  }

  @Test
  void aProcessIsMatchedByItsNumber() {
    long directoryPage = frames(1);
    put(directoryPage + 16 * 3, 1, 0);
    context(DeviceContext.VALID | DeviceContext.PDTV, 0, 0, 1L << 60 | directoryPage >>> 12);
    select(1, 1 | PV | 3 << 16);
    select(2, 6);
    ask(RiscvIommu.index(3, false), IOVA, Access.READ);
    ask(RiscvIommu.index(4, false), IOVA, Access.READ);
    assertTrue(count(1) >= 1);
    select(1, 1 | PV | 5 << 16);
    ask(RiscvIommu.index(3, false), IOVA, Access.READ);
    assertEquals(0, count(1));
    assertTrue(count(2) >= 1);
  }

  /** 2.3, step 11: process 0 is that of an access without one, also if the directory is Bare. */
  @Test
  void aDefaultProcessIsOneOnceTheContextIsKnown() {
    context(DeviceContext.VALID | DeviceContext.PDTV | DeviceContext.DPE, 0, 0, 0);
    select(1, 4 | PV);
    select(2, 4 | PV | 1 << 16);
    select(3, 5 | PV);
    command(3, 0);
    access();
    assertEquals(1, count(1));
    assertEquals(0, count(2));
    assertEquals(0, count(3), "the device directory comes first");
  }

  /** A process context is one entry of 16 bytes. */
  @Test
  void theEntryOfAProcessIsLookedForOnce() {
    long secondRoot = frames(4);
    map(PagingMode.SV39, true, secondRoot, 0, 0, 2, LEAF);
    long directoryPage = frames(1);
    put(directoryPage + 16 * 3, 1, 0);
    context(DeviceContext.VALID | DeviceContext.PDTV, SV39 | secondRoot >>> 12, 0, 1L << 60 | directoryPage >>> 12);
    select(1, 6);
    select(2, 8);
    try (ReadSection _ = reader.enter()) {
      device.translate(0x60_0000, Access.READ, RiscvIommu.index(3, false), reader, entry);
    }
    assertEquals(1, count(1));
    assertEquals(2, count(2), "for the directory and the page");
  }

  @Test
  void anOverflowIsNotedOnceAndInterrupts() {
    set8(RegisterFile.ICVEC, 3 << 8);
    select(2, 1);
    set8(112, -2);
    access();
    assertEquals(0, get4(OVERFLOWS));
    access();
    assertEquals(1 << 2, get4(OVERFLOWS));
    assertEquals(OF | 1, get8(360));
    assertEquals(4, get4(RegisterFile.IPSR));
    assertEquals(List.of("3+"), wires);
    set4(RegisterFile.IPSR, 4);
    set8(112, -1);
    access();
    assertEquals(0, get4(RegisterFile.IPSR), "OF was set already");
    assertEquals(List.of("3+", "3-"), wires);
  }

  @Test
  void anInhibitedCounterStands() {
    select(1, 1);
    select(2, 1);
    set4(INHIBITS, 1 << 1);
    access();
    assertEquals(0, count(1));
    assertEquals(1, count(2));
    set4(INHIBITS, 0xffff_ffffL);
    assertEquals(0xff, get4(INHIBITS));
    access();
    assertEquals(0, count(2));
  }

  @Test
  void cyclesPassUnlessTheyAreInhibited() throws InterruptedException {
    set8(CYCLES, 1000);
    long first = get8(CYCLES);
    Thread.sleep(2);
    assertTrue(get8(CYCLES) >= first + 1_000_000);
    set4(INHIBITS, 1);
    long second = get8(CYCLES);
    Thread.sleep(2);
    assertEquals(second, get8(CYCLES));
  }

  @Test
  void anOverflowOfCyclesInterrupts() {
    set8(CYCLES, Long.MAX_VALUE - 2_000_000);
    Await.until("an interrupt is pending", () -> get4(RegisterFile.IPSR) != 0);
    assertEquals(4, get4(RegisterFile.IPSR));
    assertEquals(1, get4(OVERFLOWS));
    assertTrue(get8(CYCLES) < 0);
    set8(CYCLES, 0);
    assertEquals(0, get4(OVERFLOWS));
  }

  @Test
  void thereAreSevenCounters() {
    for (int i = 0; i < 31; i++) {
      set8(104 + 8 * i, 5);
      set8(352 + 8 * i, 9);
      assertEquals(i < 7 ? 5 : 0, get8(104 + 8 * i));
      assertEquals(i < 7 ? 9 : 0, get8(352 + 8 * i));
    }
  }

  /** What finds out for notifiers is no access. */
  @Test
  void mirrorsDoNotCount() {
    select(1, 8);
    try (ReadSection _ = reader.enter()) {
      Probe probe = new Probe(iommu, iommu.deviceFor(DEVICE), 0, reader);
      probe.ask(IOVA);
      assertEquals(IOVA, probe.block().range().first());
    }
    assertEquals(0, count(1));
  }
}
