package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.Await;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A guest gets the host neither into a loop that does not end nor to keep memory without bounds. */
class HostileGuestTest extends OnAnIommu {

  private static final long REGISTERS = 0x2000_0000L;
  private static final long FILES = 0x2800_0000L;
  private static final long FENCE_WITH_DATA = 2 | 1 << 10;
  private static final int CQMF = 1 << 8;

  private void registersOnTheBoard() {
    memory.update(tx -> tx.addSubregion(board, REGISTERS,
        memory.mmio("iommu", RiscvIommu.REGISTERS, iommu.registers())));
  }

  /** Each message clears the interrupts, whose conditions are still there. */
  @Test
  void messagesThatClearTheirOwnInterruptsComeToAnEnd() {
    reset(Capabilities.ALL.withInterrupts(InterruptGeneration.MESSAGES));
    registersOnTheBoard();
    set8(768, REGISTERS + RegisterFile.IPSR);
    set4(776, 3);
    set4(RegisterFile.FQCSR, 3);
    set4(RegisterFile.CQCSR, 3);
    command(0x7f, 0);
    reader.load(bus(), 0x1000, 4);
    set4(RegisterFile.IPSR, 3);
    assertEquals(1 << 10, get4(RegisterFile.CQCSR) & 0xf00);
    assertEquals(3, get4(RegisterFile.IPSR));
  }

  /** A device's access does not call that device, so the fence finds nothing that takes its data. */
  @Test
  void aFenceThatRingsItsOwnQueueIsAMemoryFault() {
    registersOnTheBoard();
    for (int i = 0; i < 16; i++) {
      put(commandQueue + 16 * i, FENCE_WITH_DATA | (i + 9L) % 16 << 32, REGISTERS + RegisterFile.CQT >>> 2);
    }
    reader.store(system, REGISTERS + RegisterFile.CQT, 4, 3);
    assertEquals(CQMF, get4(RegisterFile.CQCSR) & 0xf00);
    assertEquals(0, get4(RegisterFile.CQH));
  }

  /** Of what a hundred commands throw, the first failure and a few more are kept. */
  @Test
  void manyFailuresAreToldByAFew() {
    reset(Capabilities.ALL);
    memory.update(tx -> tx.addSubregion(board, REGISTERS, memory.mmio("broken", Size.kib(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        throw new IllegalStateException("no such register: " + offset);
      }
    })));
    long queue = frames(1);
    set4(RegisterFile.CQCSR, 0);
    set8(RegisterFile.CQB, queue >>> 2 | 6);
    set4(RegisterFile.CQCSR, 1);
    for (int i = 0; i < 100; i++) {
      put(queue + 16 * i, FENCE_WITH_DATA, REGISTERS >>> 2);
    }
    RuntimeException first = assertThrows(IllegalStateException.class, () -> set4(RegisterFile.CQT, 100));
    assertTrue(first.getSuppressed().length < 20, () -> first.getSuppressed().length + " failures are kept");
    assertEquals(100, get4(RegisterFile.CQH));
  }

  /** Cycles may be set a million times, each time to a minute before they overflow. */
  @Test
  void anAlarmThatIsOfNoInterestAnyMoreKeepsNothing() {
    WeakReference<PerformanceMonitor> closed = closedMonitor();
    Await.until("the alarm keeps no closed monitor", () -> {
      System.gc();
      return closed.refersTo(null);
    });
  }

  private static WeakReference<PerformanceMonitor> closedMonitor() {
    PerformanceMonitor monitor = new PerformanceMonitor(
        new Interrupts((_, _) -> {}, Capabilities.ALL, (_, _) -> {}), Runnable::run, () -> {});
    monitor.write(PerformanceMonitor.CYCLES, Long.MAX_VALUE - 60_000_000_000L);
    monitor.write(PerformanceMonitor.CYCLES, Long.MAX_VALUE - 50_000_000_000L);
    monitor.close();
    return new WeakReference<>(monitor);
  }

  /** A page table in a device: accesses read it there, while a mirror neither calls the device nor waits for it. */
  @Test
  void aMirrorCallsNoDevice() {
    AtomicInteger reads = new AtomicInteger();
    memory.update(tx -> tx.addSubregion(board, REGISTERS, memory.mmio("table", Size.kib(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        reads.incrementAndGet();
        return LEAF;
      }

      @Override
      public void write(long offset, int size, long value) {}
    })));
    context(DeviceContext.VALID, 0, 0, SV39 | REGISTERS >>> 12);
    List<IommuEvent> told = new ArrayList<>();
    MemoryRegion.Iommu region = memory.iommu("mirrored", Size.FULL, device);
    IommuNotifier notifier = new IommuNotifier("mirror", EnumSet.allOf(IommuEvent.Kind.class), told::add);
    try (IommuNotifier.Registration registered = region.addNotifier(notifier)) {
      registered.replay(reader);
      invalidateAll();
      assertEquals(0, reads.get());
      assertEquals(List.of(), told);
    }
    assertLeads(0x1000, 0x1000, 0x3fff_ffff);
    assertTrue(reads.get() > 0);
  }

  /** Three tables, each of whose entries point to the next one, map a quarter of a terabyte page by page. */
  @Test
  void aMirrorEndsAfterSoManyBlocks() {
    iommu.setMirrorLimit(1000);
    long tables = frames(4);
    for (int i = 0; i < 512; i++) {
      put(tables + 8 * i, pte(tables + 0x1000, Pte.VALID));
      put(tables + 0x1000 + 8 * i, pte(tables + 0x2000, Pte.VALID));
      put(tables + 0x2000 + 8 * i, pte(0x2000L * i, LEAF));
    }
    context(DeviceContext.VALID, 0, 0, SV39 | tables >>> 12);
    List<IommuEvent> told = new ArrayList<>();
    MemoryRegion.Iommu region = memory.iommu("mirrored", Size.FULL, device);
    IommuNotifier notifier = new IommuNotifier("mirror", EnumSet.allOf(IommuEvent.Kind.class), told::add);
    try (IommuNotifier.Registration registered = region.addNotifier(notifier)) {
      registered.replay(reader);
      assertEquals(1000, told.size());
      invalidateAll();
      assertEquals(1000, told.size(), "what did not change is not told again");
      iommu.setMirrorLimit(1500);
      invalidateAll();
      assertEquals(1500, told.size());
      iommu.setMirrorLimit(700);
      invalidateAll();
      assertEquals(List.of(new IommuEvent.Unmap(new AddressRange(700L << 12, (1500L << 12) - 1))),
          told.subList(1500, told.size()));
    }
    assertLeads(0x3f_ffff_f000L, 0x2000L * 511, 0xfff);
  }

  @Test
  void aMirrorOfNoBlocksIsRefused() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> iommu.setMirrorLimit(0)).getMessage()
        .contains("limit of 0 blocks"));
  }

  @Test
  void anInterruptFileIsRefusedOnceTheIommuIsClosed() {
    long table = frames(1);
    put(table, frames(1) >>> 9 << 7 | 3, frames(1) >>> 2);
    put(contextAt(DEVICE), DeviceContext.VALID, 0, 0, 0, 1L << 60 | table >>> 12, 0, FILES >>> 12, 0);
    assertEquals(MemTxResult.OK, reader.store(bus(), FILES, 4, 1));
    iommu.close();
    assertNotEquals(MemTxResult.OK, reader.store(bus(), FILES, 4, 1));
  }
}
