package io.flatview.examples.cli.demo.dma;

import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ThreadConfined;

/** RAM, a RISC-V IOMMU with its registers in memory, and one device behind it, as a driver finds them. */
@ThreadConfined
final class DmaMachine implements AutoCloseable {

  static final int PAGES = 64;
  static final int FRAMES = 256;
  static final int FRAME_BYTES = 0x1000;
  static final long IOVA = 0x4000_0000L;
  static final long PATIENCE_NANOS = 30_000_000_000L;

  private static final int DEVICE = 0x08;
  private static final long REGISTERS = 0x1000_0000L;
  private static final long CQB = REGISTERS + 24;
  private static final long CQH = REGISTERS + 32;
  private static final long CQT = REGISTERS + 36;
  private static final long FQB = REGISTERS + 40;
  private static final long FQH = REGISTERS + 48;
  private static final long FQT = REGISTERS + 52;
  private static final long CQCSR = REGISTERS + 72;
  private static final long FQCSR = REGISTERS + 76;
  private static final long DDTP = REGISTERS + 16;

  private static final long DIRECTORY = 0x1_0000;
  private static final long COMMANDS = 0x1_1000;
  private static final long FAULTS = 0x1_2000;
  private static final long ROOT = 0x1_3000;
  private static final long MIDDLE = 0x1_4000;
  private static final long LEAVES = 0x1_5000;
  private static final long FENCE_WORD = 0x1_6000;
  private static final long FIRST_FRAME = 0x20_0000;

  private static final int LOG2_ENTRIES = 7;
  private static final int ENTRIES = 1 << LOG2_ENTRIES;
  private static final long SV39 = 8L << 60;
  private static final long LEAF = 0xd7;
  private static final long IOTINVAL_VMA_OF_A_PAGE = 1 | 1 << 10;
  private static final long QUEUE_ERRORS = 1 << 8 | 1 << 9 | 1 << 10;
  private static final long IOFENCE_THAT_ORDERS_AND_WRITES = 2 | 1 << 10 | 1 << 12 | 1 << 13;

  final AddressSpace memory;
  final AddressSpace dma;
  private final RiscvIommu iommu;
  private final MapReader hart;
  private int tail;
  private int faultHead;

  DmaMachine(MemorySystem system, ReclaimPolicy policy) {
    MemoryRegion.Container board = system.container("board", Size.FULL);
    memory = system.addressSpace("memory", board);
    iommu = new RiscvIommu(system, memory, policy, Capabilities.ALL, (_, _) -> {});
    system.update(tx -> tx
        .addSubregion(board, 0, system.ram("ram", Size.mib(4)))
        .addSubregion(board, REGISTERS, system.mmio("iommu", RiscvIommu.REGISTERS, iommu.registers())));
    dma = iommu.busMaster(system, "device", DEVICE);
    hart = system.reader();
    boot();
  }

  private void boot() {
    put(DIRECTORY + 64L * DEVICE + 24, SV39 | ROOT >>> 12);
    put(DIRECTORY + 64L * DEVICE, 1);
    put(ROOT + 8, MIDDLE >>> 2 | 1);
    put(MIDDLE, LEAVES >>> 2 | 1);
    put(CQB, COMMANDS >>> 2 | LOG2_ENTRIES - 1);
    put(FQB, FAULTS >>> 2 | LOG2_ENTRIES - 1);
    put4(CQCSR, 1);
    put4(FQCSR, 1);
    put(DDTP, DIRECTORY >>> 2 | 2);
  }

  private void put(long address, long value) {
    store(address, 8, value);
  }

  private void put4(long address, long value) {
    store(address, 4, value);
  }

  private void store(long address, int size, long value) {
    MemTxResult result = hart.store(memory, address, size, value);
    if (!result.isOk()) {
      throw new IllegalStateException("the driver cannot write " + Long.toHexString(address) + ": " + result);
    }
  }

  static long frame(int number) {
    return FIRST_FRAME + (long) number * FRAME_BYTES;
  }

  /** Gives every word of a frame a value. */
  void fill(int frame, long value) {
    for (int offset = 0; offset < FRAME_BYTES; offset += 8) {
      put(frame(frame) + offset, value);
    }
  }

  void map(int page, int frame) {
    put(LEAVES + 8L * page, frame(frame) >>> 2 | LEAF);
  }

  void unmap(int page) {
    put(LEAVES + 8L * page, 0);
  }

  /**
   * Tells the IOMMU that a page changed, and waits until it has obeyed: a thread that has just written the word of a
   * fence may be with the queue still.
   */
  void invalidate(int page) {
    command(IOTINVAL_VMA_OF_A_PAGE, (IOVA >>> 12) + page << 10);
    long start = System.nanoTime();
    while (hart.load(memory, CQH, 4) != tail) {
      long status = hart.load(memory, CQCSR, 4);
      if ((status & QUEUE_ERRORS) != 0 || System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException("the IOMMU does not obey; cqcsr is " + Long.toHexString(status));
      }
      Thread.yield();
    }
  }

  /** Asks for word of when all accesses that were under way have ended. */
  void fence(int number) {
    command(IOFENCE_THAT_ORDERS_AND_WRITES | (long) number << 32, FENCE_WORD >>> 2);
  }

  boolean isFenced(int number) {
    return hart.load(memory, FENCE_WORD, 4) == number;
  }

  private void command(long low, long high) {
    put(COMMANDS + 16L * tail, low);
    put(COMMANDS + 16L * tail + 8, high);
    tail = (tail + 1) % ENTRIES;
    put4(CQT, tail);
  }

  /** Takes the records out of the fault queue and says how many there were. */
  int takeFaults() {
    int recorded = (int) hart.load(memory, FQT, 4);
    int taken = recorded - faultHead & ENTRIES - 1;
    faultHead = recorded;
    put4(FQH, faultHead);
    put4(FQCSR, 1 | 1 << 9);
    return taken;
  }

  @Override
  public void close() {
    iommu.close();
  }
}
