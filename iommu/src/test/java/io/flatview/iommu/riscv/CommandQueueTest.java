package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command queue: 3.1, and its registers 5.6 to 5.8 and 5.15. */
class CommandQueueTest extends OnAnIommu {

  private static final long IOVA = 0x8000_1000L;
  private static final long PSCID = 7;
  private static final long GSCID = 5;

  private static final long VMA = 1;
  private static final long GVMA = 1 | 1 << 7;
  private static final long FENCE = 2;
  private static final long AV = 1 << 10;
  private static final long WSI = 1 << 11;
  private static final long PR = 1 << 12;
  private static final long PW = 1 << 13;
  private static final long PSCV = 1L << 32;
  private static final long GV = 1L << 33;

  private static final int CQMF = 1 << 8;
  private static final int CMD_ILL = 1 << 10;
  private static final int FENCE_W_IP = 1 << 11;

  private long leaf;

  private static long address(long iova) {
    return iova >>> 12 << 10;
  }

  private void assertStatus(int bits) {
    assertEquals(bits, get4(RegisterFile.CQCSR) & 0xf00);
  }

  /** Maps, lets the cache learn it, and takes the entry out of the table. */
  private void cachedHost() {
    long root = firstStage(SV39);
    map(PagingMode.SV39, false, root, IOVA, 0x60_0000, 0, LEAF);
    leaf = entryAt(PagingMode.SV39, false, root, IOVA, 0);
    learn();
  }

  private void cachedGuest() {
    long secondRoot = frames(4);
    map(PagingMode.SV39, true, secondRoot, 0, 0, 2, LEAF);
    long root = frames(1);
    map(PagingMode.SV39, false, root, IOVA, 0x60_0000, 0, LEAF);
    leaf = entryAt(PagingMode.SV39, false, root, IOVA, 0);
    context(DeviceContext.VALID, SV39 | GSCID << 44 | secondRoot >>> 12, PSCID << 12, SV39 | root >>> 12);
    learn();
  }

  private void learn() {
    assertLeads(IOVA, 0x60_0000, 0xfff);
    put(leaf, 0);
    assertLeads(IOVA, 0x60_0000, 0xfff);
  }

  /** 3.1.1, the tables of IOTINVAL.VMA and IOTINVAL.GVMA: each command that names the entry. */
  @Test
  void everyInvalidationThatNamesAnEntryIsObeyed() {
    long[][] host = {
      {VMA, 0}, {VMA | PSCV | PSCID << 12, 0}, {VMA | AV, address(IOVA)},
      {VMA | AV | PSCV | PSCID << 12, address(IOVA)},
    };
    for (long[] command : host) {
      cachedHost();
      command(command[0], command[1]);
      assertStatus(0);
      assertFaults(13, IOVA, Access.READ);
    }
    long[][] guest = {
      {VMA | GV | GSCID << 44, 0}, {VMA | GV | PSCV | GSCID << 44 | PSCID << 12, 0},
      {VMA | GV | AV | GSCID << 44, address(IOVA)},
      {VMA | GV | AV | PSCV | GSCID << 44 | PSCID << 12, address(IOVA)},
      {GVMA, 0}, {GVMA | GV | GSCID << 44, 0}, {GVMA | GV | AV | GSCID << 44, address(0x60_0000)},
    };
    for (long[] command : guest) {
      cachedGuest();
      command(command[0], command[1]);
      assertStatus(0);
      assertFaults(13, IOVA, Access.READ);
    }
  }

  @Test
  void anInvalidationOfSomethingElseLeavesAnEntryAlone() {
    cachedHost();
    command(VMA | PSCV | 8 << 12, 0);
    command(VMA | AV, address(IOVA + 0x1000));
    command(VMA | AV, address(IOVA - 0x1000));
    command(3 | 1L << 33 | 1L << 40, 0);
    assertLeads(IOVA, 0x60_0000, 0xfff);
    cachedGuest();
    command(VMA | GV | PSCV | GSCID + 1 << 44 | PSCID << 12, 0);
    command(VMA | PSCV | PSCID << 12, 0);
    assertLeads(IOVA, 0x60_0000, 0xfff);
  }

  /** An address anywhere in a large page names it. */
  @Test
  void anInvalidationOfAnyAddressOfALargePageIsObeyed() {
    long root = firstStage(SV39);
    map(PagingMode.SV39, false, root, 0x8000_0000L, 0x60_0000, 1, LEAF);
    assertLeads(0x8000_3000L, 0x60_3000, 0x1f_ffff);
    put(entryAt(PagingMode.SV39, false, root, 0x8000_0000L, 1), 0);
    command(VMA | AV, address(0x801f_f000L));
    assertFaults(13, 0x8000_3000L, Access.READ);
  }

  /** Also if the cache keeps it in parts. */
  @Test
  void anInvalidationOfAnyAddressOfAHugePageIsObeyed() {
    long root = firstStage(SV39);
    map(PagingMode.SV39, false, root, 0x8000_0000L, 0, 2, LEAF);
    assertLeads(0x8000_3000L, 0x3000, 0x3fff_ffff);
    assertLeads(0x8060_0000L, 0x60_0000, 0x3fff_ffff);
    put(entryAt(PagingMode.SV39, false, root, 0x8000_0000L, 2), 0);
    command(VMA | AV, address(0x8000_0000L));
    assertFaults(13, 0x8000_3000L, Access.READ);
    assertFaults(13, 0x8060_0000L, Access.READ);
  }

  /** Whatever the second stage cuts a leaf of the first into. */
  @Test
  void anInvalidationOfAnyAddressOfAHugePageUnderTwoStagesIsObeyed() {
    for (int level = 0; level <= 2; level++) {
      long secondRoot = frames(4);
      map(PagingMode.SV39, true, secondRoot, 0, 0, 2, LEAF);
      long size = 1L << 12 + 9 * level;
      for (long guest : new long[] {0x4000_0000L, 0x4060_0000L}) {
        map(PagingMode.SV39, true, secondRoot, guest & -size, guest & -size & 0x3fff_ffffL, level, LEAF);
      }
      long root = frames(1);
      map(PagingMode.SV39, false, root, 0x8000_0000L, 0x4000_0000L, 2, LEAF);
      context(DeviceContext.VALID, SV39 | GSCID << 44 | secondRoot >>> 12, PSCID << 12, SV39 | root >>> 12);
      assertLeads(0x8000_0000L, 0, size - 1);
      assertLeads(0x8060_0000L, 0x60_0000, size - 1);
      put(entryAt(PagingMode.SV39, false, root, 0x8000_0000L, 2), 0);
      assertLeads(0x8000_0000L, 0, Math.min(size - 1, 0x1f_ffff));
      command(VMA | GV | AV | GSCID << 44, address(0x8123_4000L));
      assertFaults(13, 0x8000_0000L, Access.READ);
      assertFaults(13, 0x8060_0000L, Access.READ);
    }
  }

  private record Illegal(String what, long low, long high) {}

  /** 3.1: reserved encodings and bits, and what is not announced. */
  private static final List<Illegal> ILLEGAL = List.of(
      new Illegal("opcode 0", 0, 0),
      new Illegal("opcode 5 is reserved", 5, 0),
      new Illegal("opcode 64 is custom", 64, 0),
      new Illegal("ATS without ATS", 4, 0),
      new Illegal("IOTINVAL, func3 2", 1 | 2 << 7, 0),
      new Illegal("IOTINVAL, bit 11", VMA | 1 << 11, 0),
      new Illegal("IOTINVAL, bit 34", VMA | 1L << 34, 0),
      new Illegal("IOTINVAL, bit 43", VMA | 1L << 43, 0),
      new Illegal("IOTINVAL, bit 63", VMA | 1L << 63, 0),
      new Illegal("IOTINVAL, second doubleword, bit 9", VMA, 1 << 9),
      new Illegal("IOTINVAL, second doubleword, bit 62", VMA, 1L << 62),
      new Illegal("IOTINVAL.GVMA with PSCV", GVMA | PSCV, 0),
      new Illegal("IOFENCE, func3 1", FENCE | 1 << 7, 0),
      new Illegal("IOFENCE, bit 14", FENCE | 1 << 14, 0),
      new Illegal("IOFENCE, bit 31", FENCE | 1L << 31, 0),
      new Illegal("IOFENCE, second doubleword, bit 62", FENCE, 1L << 62),
      new Illegal("IODIR, func3 2", 3 | 2 << 7, 0),
      new Illegal("IODIR, bit 10", 3 | 1 << 10, 0),
      new Illegal("IODIR, bit 32", 3 | 1L << 32, 0),
      new Illegal("IODIR, bit 34", 3 | 1L << 34, 0),
      new Illegal("IODIR, second doubleword", 3, 1),
      new Illegal("IODIR.INVAL_DDT with PID", 3 | 1 << 12, 0),
      new Illegal("IODIR.INVAL_DDT, a DID wider than the directory", 3 | 1L << 33 | 64L << 40, 0),
      new Illegal("IODIR.INVAL_PDT without DV", 3 | 1 << 7, 0));

  /** 3.1 and 5.15: the queue stops, and the head stays on the command. */
  @Test
  void anIllegalCommandStopsTheQueueUntilTheErrorIsCleared() {
    for (Illegal illegal : ILLEGAL) {
      reset(Capabilities.ALL);
      command(VMA, 0);
      command(illegal.low(), illegal.high());
      assertEquals(CMD_ILL, get4(RegisterFile.CQCSR) & 0xf00, illegal.what());
      assertEquals(1, get4(RegisterFile.CQH), illegal.what());
      command(VMA, 0);
      assertEquals(1, get4(RegisterFile.CQH));
      put(commandQueue + 16, VMA, 0);
      set4(RegisterFile.CQCSR, CMD_ILL | 1);
      assertEquals(3, get4(RegisterFile.CQH));
      assertStatus(0);
    }
  }

  // IOFENCE.C, 3.1.2

  @Test
  void aFenceWritesItsDataAsFourBytes() {
    long at = frames(1);
    put(at, -1);
    command(FENCE | AV | 0x1234_5678L << 32, (at + 4) >>> 2);
    assertEquals(0x1234_5678_ffff_ffffL, word(at));
    assertEquals(1, get4(RegisterFile.CQH));
  }

  /** An IMSIC's register takes the write as well as memory does. */
  @Test
  void aFenceMayWriteToADevice() {
    List<String> written = new ArrayList<>();
    memory.update(tx -> tx.addSubregion(board, 0x2000_0000L, memory.mmio("imsic", Size.kib(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        written.add(offset + "/" + size + "=" + value);
      }
    })));
    command(FENCE | AV | 9L << 32, 0x2000_0000L >>> 2);
    assertEquals(List.of("0/4=9"), written);
  }

  @Test
  void aFenceThatCannotWriteIsAMemoryFault() {
    command(FENCE | AV, HOLE >>> 2);
    assertStatus(CQMF);
    assertEquals(0, get4(RegisterFile.CQH));
  }

  /** 5.3, PAS: memory that the IOMMU's addresses are too narrow for is none to it. */
  @Test
  void aFenceDoesNotReachBeyondTheWidthOfAddresses() {
    memory.update(tx -> tx.addSubregion(board, 1L << 40, memory.ram("far", Size.kib(4))));
    reset(Capabilities.ALL.withPhysicalBits(40));
    command(FENCE | AV | 9L << 32, 1L << 40 >>> 2);
    assertStatus(CQMF);
    assertEquals(0, word(1L << 40));
    reset(Capabilities.ALL.withPhysicalBits(41));
    command(FENCE | AV | 9L << 32, 1L << 40 >>> 2);
    assertStatus(0);
    assertEquals(9, word(1L << 40));
  }

  /** 5.6: a queue whose base is not aligned to its size may reach over the last address. */
  @Test
  void noCommandIsReadBeyondTheWidthOfAddresses() {
    memory.update(tx -> tx.addSubregion(board, (1L << 40) - 0x1000, memory.ram("far", Size.kib(8))));
    reset(Capabilities.ALL.withPhysicalBits(40));
    set4(RegisterFile.CQCSR, 0);
    set8(RegisterFile.CQB, (1L << 40) - 0x1000 >>> 2 | 8);
    put((1L << 40) - 0x1000, 3, 0);
    set4(RegisterFile.CQT, 0);
    set4(RegisterFile.CQCSR, 1);
    for (int i = 0; i < 0x2000; i += 16) {
      put((1L << 40) - 0x1000 + i, 3, 0);
    }
    set4(RegisterFile.CQT, 257);
    assertEquals(256, get4(RegisterFile.CQH));
    assertStatus(CQMF);
  }

  @Test
  void aFenceWithWsiRaisesTheWire() {
    set4(RegisterFile.CQCSR, 3);
    set8(RegisterFile.ICVEC, 4);
    command(FENCE | WSI, 0);
    assertStatus(FENCE_W_IP);
    assertEquals(1, get4(RegisterFile.IPSR));
    set4(RegisterFile.IPSR, 1);
    assertEquals(1, get4(RegisterFile.IPSR), "the condition is still there");
    set4(RegisterFile.CQCSR, 3 | FENCE_W_IP);
    set4(RegisterFile.IPSR, 1);
    assertEquals(0, get4(RegisterFile.IPSR));
    assertEquals(List.of("4+", "4-"), wires.stream().distinct().toList());
  }

  /** A device's access that was translated before is a section that is open. */
  @Test
  void aFenceThatOrdersAccessesEndsWhenThoseThatWereUnderWayHaveEnded() {
    for (long bit : new long[] {PR, PW, PR | PW}) {
      reset(Capabilities.ALL);
      long at = frames(1);
      try (ReadSection _ = reader.enter()) {
        command(FENCE | AV | bit | 1L << 32, at >>> 2);
        command(VMA, 0);
        policy.runGracePeriod();
        assertEquals(0, get4(RegisterFile.CQH), "an access is under way");
      }
      assertEquals(0, word(at));
      policy.runGracePeriod();
      assertEquals(1, word(at));
      assertEquals(2, get4(RegisterFile.CQH), "what follows the fence is done, too");
    }
  }

  @Test
  void twoFencesNeedTwoGracePeriods() {
    command(FENCE | PW, 0);
    command(FENCE | PR, 0);
    policy.runGracePeriod();
    assertEquals(1, get4(RegisterFile.CQH));
    policy.runGracePeriod();
    assertEquals(2, get4(RegisterFile.CQH));
  }

  @Test
  void aFenceOfAQueueThatWasSwitchedOffComesToNothing() {
    long at = frames(1);
    command(FENCE | PR | AV | 1L << 32, at >>> 2);
    set4(RegisterFile.CQCSR, 0);
    set4(RegisterFile.CQT, 0);
    set4(RegisterFile.CQCSR, 1);
    policy.runGracePeriod();
    assertEquals(0, word(at) & 0xffff_ffffL);
  }

  /** 3.1.3: the PID must not be wider than what is announced. */
  @Test
  void aPdtInvalidationOfAWiderProcessIsIllegal() {
    long[][] widths = {{0, 20}, {Capabilities.PD20, 17}, {Capabilities.PD20 | Capabilities.PD17, 8},
      {Capabilities.PD20 | Capabilities.PD17 | Capabilities.PD8, 8}};
    for (long[] width : widths) {
      for (long pid : new long[] {0, 0xff, 0x100, 0x1_ffff, 0x2_0000, 0xf_ffff}) {
        reset(Capabilities.ALL.without(width[0]));
        command(0x83 | pid << 12 | 1L << 33 | 1L << 40, 0);
        assertStatus(pid >>> width[1] == 0 ? 0 : CMD_ILL);
      }
    }
    reset(Capabilities.ALL.without(Capabilities.PD20 | Capabilities.PD17 | Capabilities.PD8));
    set8(RegisterFile.DDTP, 0);
    set8(RegisterFile.DDTP, directory >>> 2 | 4);
    command(0x40_0002_1234_5083L, 0);
    assertStatus(CMD_ILL);
  }

  /** 3.1.2: WSI is reserved where interrupts are messages. */
  @Test
  void aFenceWithWsiIsIllegalWithoutWires() {
    reset(Capabilities.ALL.withInterrupts(InterruptGeneration.MESSAGES));
    command(FENCE | WSI, 0);
    assertStatus(CMD_ILL);
  }

  // Long queues

  /** A queue of as many entries, all of them invalidations but the last. */
  private void fill(int log2) {
    set4(RegisterFile.CQCSR, 0);
    long base = frames(1 << Math.max(0, log2 - 8));
    set8(RegisterFile.CQB, base >>> 2 | log2 - 1);
    set4(RegisterFile.CQCSR, 1);
    for (int i = 0; i < 1 << log2; i++) {
      put(base + 16L * i, VMA, 0);
    }
  }

  /** The store that moves the tail ends soon, and others go on; grace periods pass between portions. */
  @Test
  void aLongQueueIsWorkedOffInPortions() {
    List<Runnable> left = new ArrayList<>();
    tasks = left::add;
    fill(13);
    boolean[] passed = {false};
    try (ReadSection _ = reader.enter()) {
      set4(RegisterFile.CQT, 8191);
      assertTrue(get4(RegisterFile.CQH) <= 256, () -> get4(RegisterFile.CQH) + " commands in one section");
      assertEquals(1, left.size());
    }
    policy.retire(() -> passed[0] = true);
    set4(RegisterFile.CQT, 8191);
    assertEquals(1, left.size(), "one task is enough");
    policy.runGracePeriod();
    assertTrue(passed[0]);
    left.removeFirst().run();
    assertEquals(8191, get4(RegisterFile.CQH));
    assertEquals(List.of(), left);
  }

  /** An error stops the task, and clearing it goes on. */
  @Test
  void anIllegalCommandStopsALongQueueToo() {
    List<Runnable> left = new ArrayList<>();
    tasks = left::add;
    fill(13);
    long base = get8(RegisterFile.CQB) >>> 10 << 12;
    put(base + 16L * 5000, 0, 0);
    set4(RegisterFile.CQT, 8191);
    left.removeFirst().run();
    assertEquals(5000, get4(RegisterFile.CQH));
    assertStatus(CMD_ILL);
    put(base + 16L * 5000, VMA, 0);
    set4(RegisterFile.CQCSR, CMD_ILL | 1);
    left.removeFirst().run();
    assertEquals(8191, get4(RegisterFile.CQH));
  }

  @Test
  void theRestOfAQueueThatIsSwitchedOffIsLeftAlone() {
    List<Runnable> left = new ArrayList<>();
    tasks = left::add;
    fill(13);
    set4(RegisterFile.CQT, 8191);
    set4(RegisterFile.CQCSR, 0);
    long head = get4(RegisterFile.CQH);
    left.removeFirst().run();
    assertEquals(head, get4(RegisterFile.CQH));
    set4(RegisterFile.CQT, 0);
    set4(RegisterFile.CQCSR, 1);
    set4(RegisterFile.CQT, 10);
    while (!left.isEmpty()) { // what a section had no time for
      left.removeFirst().run();
    }
    assertEquals(10, get4(RegisterFile.CQH));
  }

  // Registers

  @Test
  void theQueueWrapsAround() {
    for (int i = 0; i < 40; i++) {
      command(VMA, 0);
      assertEquals((i + 1) % 16, get4(RegisterFile.CQH));
    }
  }

  /** 5.8: bits above the queue's size cannot be written. */
  @Test
  void theTailHasAsManyBitsAsTheQueue() {
    set4(RegisterFile.CQCSR, 0);
    set4(RegisterFile.CQT, -1);
    assertEquals(15, get4(RegisterFile.CQT));
    set8(RegisterFile.CQB, commandQueue >>> 2);
    assertEquals(1, get4(RegisterFile.CQT));
  }

  @Test
  void aQueueInAHoleIsAMemoryFault() {
    set4(RegisterFile.CQCSR, 0);
    set8(RegisterFile.CQB, HOLE >>> 2 | 3);
    set4(RegisterFile.CQT, 0);
    set4(RegisterFile.CQCSR, 1);
    set4(RegisterFile.CQT, 1);
    assertStatus(CQMF);
  }

  @Test
  void aQueueThatIsOffRunsNothing() {
    cachedHost();
    set4(RegisterFile.CQCSR, 0);
    assertEquals(0, get4(RegisterFile.CQCSR) & 1 << 16);
    command(VMA, 0);
    assertTrue(ask(0, IOVA, Access.READ));
  }

  /** 5.15: switching on clears the head and the errors. */
  @Test
  void switchingOnStartsAfresh() {
    command(0, 0);
    assertStatus(CMD_ILL);
    set4(RegisterFile.CQCSR, 0);
    set4(RegisterFile.CQT, 0);
    set4(RegisterFile.CQCSR, 1);
    assertStatus(0);
    assertEquals(0, get4(RegisterFile.CQH));
    assertFalse(get4(RegisterFile.CQCSR) == 1, "cqon reads 1");
  }

  /** A device that fails is no error of the queue: the commands behind it run. */
  @Test
  void aFenceWhoseDeviceThrowsDoesNotStopTheQueue() {
    MmioHandler broken = new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        throw new IllegalStateException("broken");
      }
    };
    long at = 0x2000_0000L;
    memory.update(tx -> tx.addSubregion(board, at, memory.mmio("broken", Size.kib(4), broken)));
    cachedHost();
    assertThrows(IllegalStateException.class, () -> command(FENCE | AV, at >>> 2));
    assertEquals(get4(RegisterFile.CQT), get4(RegisterFile.CQH));
    command(FENCE | AV | PR, at >>> 2);
    command(VMA, 0);
    policy.runGracePeriod();
    assertEquals(get4(RegisterFile.CQT), get4(RegisterFile.CQH));
    assertStatus(0);
    assertFaults(13, IOVA, Access.READ);
  }
}
