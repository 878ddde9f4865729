package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;

/**
 * A machine with 32 MiB of RAM at 0, an IOMMU with everything, one device behind it, and a driver's hands: registers,
 * queues, directories and page tables. Section numbers in the tests are those of the IOMMU's specification, version
 * 1.0, or of the privileged architecture, version 1.12, where "Priv" says so.
 */
abstract class OnAnIommu {

  static final int DEVICE = 0x2a;
  static final long LEAF = Pte.VALID | Pte.READABLE | Pte.WRITABLE | Pte.USER | Pte.ACCESSED | Pte.DIRTY;
  static final long HOLE = 0x4000_0000_0000L;

  static final long SV39 = 8L << 60;
  static final long SV48 = 9L << 60;
  static final long SV57 = 10L << 60;

  private static final int QUEUE_ENTRIES = 16;

  /** What the fault queue says of an access. */
  record Record(long cause, int type, int device, int process, boolean hasProcess, boolean supervisor, long iotval,
      long iotval2) {}

  final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  final DispatchMemory memory = DispatchMemory.create(policy);
  final MemoryRegion.Container board = memory.container("board", Size.FULL);
  final AddressSpace system = memory.addressSpace("system", board);
  final MapReader reader = memory.newReader("hart0");
  final List<String> wires = new ArrayList<>();
  final IommuTlbEntry entry = new IommuTlbEntry();

  /** Where fences go on: with {@code runGracePeriod}, unless a test says otherwise. */
  Executor tasks = Runnable::run;

  RiscvIommu iommu;
  IommuTranslator device;
  long directory;
  long commandQueue;
  long faultQueue;

  private final Map<IommuTranslator, AddressSpace> buses = new IdentityHashMap<>();
  private final Map<Integer, MemTxAttrs> initiators = new HashMap<>();
  private long nextFrame = 0x10_0000;
  private int faultHead;
  private int commandTail;

  OnAnIommu() {
    memory.update(tx -> tx.addSubregion(board, 0, memory.ram("ram", Size.mib(32))));
    reset(Capabilities.ALL);
  }

  @AfterEach
  void nothingIsLeftBehind() {
    iommu.close();
    reader.close();
    memory.close();
    policy.runGracePeriod();
    assertEquals(List.of(), policy.failures());
    policy.close();
  }

  /** Another IOMMU, on with a directory of one level, both queues on. */
  final void reset(Capabilities capabilities) {
    if (iommu != null) {
      iommu.close();
    }
    iommu = new RiscvIommu(memory, system, policy, capabilities,
        (vector, asserted) -> wires.add(vector + (asserted ? "+" : "-")), task -> tasks.execute(task));
    device = iommu.translator(DEVICE);
    directory = frames(1);
    commandQueue = frames(1);
    faultQueue = frames(1);
    commandTail = 0;
    faultHead = 0;
    set8(RegisterFile.CQB, commandQueue >>> 2 | 3);
    set8(RegisterFile.FQB, faultQueue >>> 2 | 3);
    set4(RegisterFile.CQCSR, 1);
    set4(RegisterFile.FQCSR, 1);
    set8(RegisterFile.DDTP, directory >>> 2 | 2);
  }

  // Registers

  final void set4(int register, long value) {
    iommu.registers().write(register, 4, value);
  }

  final void set8(int register, long value) {
    iommu.registers().write(register, 8, value);
  }

  final long get4(int register) {
    return iommu.registers().read(register, 4);
  }

  final long get8(int register) {
    return iommu.registers().read(register, 8);
  }

  // Memory

  /** Frames of 4 KiB, all zero, aligned to their size. */
  final long frames(int count) {
    long size = count * 0x1000L;
    nextFrame = nextFrame + size - 1 & -size;
    long first = nextFrame;
    nextFrame += size;
    return first;
  }

  final void put(long address, long... words) {
    for (int i = 0; i < words.length; i++) {
      assertEquals(MemTxResult.OK, reader.store(system, address + 8L * i, 8, words[i]));
    }
  }

  final long word(long address) {
    return reader.load(system, address, 8);
  }

  // Directories

  /** The place of a device's extended context in the directory of one level. */
  final long contextAt(int id) {
    return directory + 64L * id;
  }

  final void context(long tc, long iohgatp, long ta, long fsc) {
    put(contextAt(DEVICE), tc, iohgatp, ta, fsc, 0, 0, 0, 0);
    command(3, 0);
  }

  /** A first stage alone. */
  final long firstStage(long mode) {
    long root = frames(1);
    context(DeviceContext.VALID, 0, 7L << 12, mode | root >>> 12);
    return root;
  }

  /** A second stage alone. */
  final long secondStage(long mode) {
    long root = frames(4);
    context(DeviceContext.VALID, mode | 5L << 44 | root >>> 12, 0, 0);
    return root;
  }

  // Page tables

  static long pte(long address, long flags) {
    return address >>> 12 << 10 | flags;
  }

  /** Where the entry of a level is, with tables made on the way. */
  final long entryAt(PagingMode mode, boolean second, long root, long from, int level) {
    long table = root;
    for (int at = mode.levels() - 1; at > level; at--) {
      long place = table + 8L * mode.index(from, at, second);
      if ((word(place) & 1) == 0) {
        put(place, pte(frames(1), Pte.VALID));
      }
      table = word(place) >>> 10 << 12;
    }
    return table + 8L * mode.index(from, level, second);
  }

  final void map(PagingMode mode, boolean second, long root, long from, long to, int level, long flags) {
    put(entryAt(mode, second, root, from, level), pte(to, flags));
  }

  // Commands

  final void command(long low, long high) {
    put(commandQueue + 16L * commandTail, low, high);
    commandTail = (commandTail + 1) % QUEUE_ENTRIES;
    set4(RegisterFile.CQT, commandTail);
  }

  /** IOTINVAL.VMA of everything. */
  final void invalidateAll() {
    command(1, 0);
  }

  // Accesses

  /**
   * Asks as an access does; a denial is reported. What a reader is led to, which may use an answer again, and what the
   * translator says when it is asked must be the same.
   */
  final boolean ask(int index, long iova, Access access) {
    AddressSpace bus = bus();
    try (ReadSection _ = reader.enter()) {
      boolean granted = askTranslator(index, iova, access);
      Translation led = reader.translate(bus, iova, 1, access, attributes(index));
      assertEquals(granted, led.fault() == Translation.Fault.NONE, () -> AddressRange.hex(iova));
      assertTrue(!granted || led.address() == entry.apply(iova), () -> AddressRange.hex(iova));
      return granted;
    }
  }

  private boolean askTranslator(int index, long iova, Access access) {
    entry.deny();
    device.translate(iova, access, index, reader, entry);
    return entry.permits(access);
  }

  /** The device's address space. */
  final AddressSpace bus() {
    return buses.computeIfAbsent(device, by -> memory.addressSpace("bus", memory.iommu("bus", Size.FULL, by)));
  }

  /** The same object each time, as initiators have it. */
  private MemTxAttrs attributes(int index) {
    return index == ProcessIndex.NONE ? MemTxAttrs.UNSPECIFIED : initiators.computeIfAbsent(index, named -> {
      MemTxAttrs process = MemTxAttrs.UNSPECIFIED.withPid(ProcessIndex.process(named));
      return ProcessIndex.isSupervisor(named) ? process.asPrivileged() : process;
    });
  }

  final void assertLeads(long from, long to, long mask) {
    assertLeads(ProcessIndex.NONE, from, to, mask);
  }

  final void assertLeads(int index, long from, long to, long mask) {
    String what = AddressRange.hex(from);
    assertTrue(ask(index, from, Access.READ), () -> what + " is refused: " + lastFault());
    assertEquals(AddressRange.hex(to), AddressRange.hex(entry.apply(from)), what);
    assertEquals(AddressRange.hex(mask), AddressRange.hex(entry.addrMask()), what);
  }

  // Faults

  final Record lastFault() {
    int tail = (int) get4(RegisterFile.FQT);
    assertTrue(tail != faultHead, "no fault was recorded");
    Record record = recordAt(faultHead);
    faultHead = (faultHead + 1) % QUEUE_ENTRIES;
    set4(RegisterFile.FQH, faultHead);
    assertEquals(faultHead, tail, "more than one fault was recorded");
    return record;
  }

  final Record recordAt(int index) {
    long at = faultQueue + 32L * index;
    long first = word(at);
    assertEquals(0, word(at + 8));
    return new Record(first & 0xfff, (int) (first >>> 34) & 0x3f, (int) (first >>> 40), (int) (first >>> 12) & 0xf_ffff,
        (first >>> 32 & 1) != 0, (first >>> 33 & 1) != 0, word(at + 16), word(at + 24));
  }

  final void assertFaults(long cause, long iova, Access access) {
    assertFaults(cause, ProcessIndex.NONE, iova, access, 0);
  }

  final void assertFaults(long cause, int index, long iova, Access access, long iotval2) {
    assertFalse(ask(index, iova, access), () -> AddressRange.hex(iova) + " leads to "
        + AddressRange.hex(entry.apply(iova)));
    boolean named = index != ProcessIndex.NONE;
    int type = access == Access.FETCH ? 1 : access == Access.READ ? 2 : 3;
    assertEquals(new Record(cause, type, DEVICE, named ? ProcessIndex.process(index) : 0,
        named, ProcessIndex.isSupervisor(index), iova, iotval2), lastFault());
  }

  final void assertNoFault() {
    assertEquals(faultHead, get4(RegisterFile.FQT));
  }
}
