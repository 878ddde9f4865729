package io.flatview.iommu.riscv;

import io.flatview.iommu.Iotlb;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.MapReader;

/**
 * The process to translate an I/O virtual address (section 2.3), step by step. Mutable scratch space, for one thread
 * and one translation at a time. The result is in the fields, unless a fault was raised.
 *
 * <p>Only untranslated requests exist here, since ATS is not announced.
 */
final class IovaTranslation {

  private final RiscvIommu iommu;
  private final DeviceDirectory directory;
  private final Iotlb iotlb;
  private final long physicalMask;
  private final TableMemory tables;
  private final Fault fault = new Fault();
  private final SecondStage second;
  private final FirstStage first;
  private final ProcessDirectory processes;
  private final MsiTable msis;
  private final Iotlb.Miss miss = new Iotlb.Miss();

  private DeviceContext context;

  /** The address space to which the address is translated. */
  AddressSpace target;

  /** The translated address, in the target. */
  long address;

  /** The size less 1 of the block around it. */
  long mask;

  /**
   * The size less 1 of the first-stage leaf around it, or 0 without one; an invalidation may name any address of the
   * leaf. It is set even if the second stage or an interrupt file refuses the access.
   */
  long leafMask;

  boolean readable;
  boolean writable;
  boolean executable;

  /** The memory type that both stages give, 0 for none (Priv, Svpbmt). */
  int memoryType;

  /** Whether the interrupt file is memory-resident; each access to such a file is translated anew. */
  boolean resident;

  /** Whether the translation used a device context, so that the {@link Iotlb} may keep it. */
  private boolean walked;

  IovaTranslation(RiscvIommu iommu, Capabilities capabilities) {
    this.iommu = iommu;
    this.directory = iommu.directory();
    this.iotlb = iommu.iotlb();
    this.physicalMask = capabilities.physicalMask();
    this.tables = new TableMemory(iommu.memory(), capabilities, iommu.monitor());
    boolean memoryTypes = capabilities.has(Capabilities.SVPBMT);
    this.second = new SecondStage(tables, fault, memoryTypes);
    this.first = new FirstStage(tables, fault, second, memoryTypes);
    this.processes = new ProcessDirectory(capabilities, tables, fault, second);
    this.msis = new MsiTable(tables, fault, capabilities);
  }

  /** Translates an access, and grants or denies it in the entry. */
  void run(Device device, int index, long iova, Access access, MapReader reader, IommuTlbEntry entry) {
    if (!translate(device, index, iova, access, reader, null)) {
      fault.deny(entry, isSilent());
      return;
    }
    int permissions = permissions();
    entry.grant(target, address, mask, permissions);
    if (!resident) {
      iotlb.allowReuse(miss, entry);
      if (walked) {
        iotlb.fill(miss, address, mask, leafMask, permissions);
      }
    }
  }

  private int permissions() {
    return (readable ? Access.READ.bit() : 0) | (writable ? Access.WRITE.bit() : 0)
        | (executable ? Access.FETCH.bit() : 0);
  }

  /** Translates an access; false if a fault was raised. With {@code dry}, no table is written. */
  boolean translate(Device device, int index, long iova, Access access, MapReader reader, EmptyTables dry) {
    tables.use(reader, dry == null);
    first.original = access;
    first.dry = dry;
    second.original = access;
    second.dry = dry;
    context = null;
    resident = false;
    walked = false;
    leafMask = 0;
    return steps(device, index, iova, access);
  }

  Fault fault() {
    return fault;
  }

  /** Whether the device's context says that faults of translation are not reported. */
  boolean isSilent() {
    return context != null && context.has(DeviceContext.DTF);
  }

  /** Whether A and D may be set for the device; then a write may be granted that the walk for a read did not grant. */
  boolean mayUpdate() {
    return context != null && context.has(DeviceContext.SADE | DeviceContext.GADE);
  }

  private boolean steps(Device device, int index, long iova, Access access) {
    iotlb.begin(miss, device.id(), index, iova);
    tables.transaction.begin(device.id(), index);
    // In this order: see DeviceDirectory.
    long generation = directory.generation();
    long ddtp = directory.ddtp();
    if (DeviceDirectory.isOff(ddtp)) {
      return fault.raise(FaultCause.ALL_INBOUND_DISALLOWED, -1);
    }
    if (DeviceDirectory.isBare(ddtp)) {
      return passThrough(iova, access);
    }
    context = device.context(directory, generation, ddtp, tables, fault);
    if (context == null || !firstStage(index, iova, access)) {
      return false;
    }
    walked = true;
    leafMask = first.mask == -1 ? 0 : first.mask;
    return context.isInterruptFile(first.address)
        ? interruptFile(access)
        : secondStage(access);
  }

  private boolean passThrough(long iova, Access access) {
    first.through(iova);
    second.through(iova);
    return grant(iova, -1, true, true, true, access);
  }

  private boolean interruptFile(Access access) {
    if (!msis.translate(context, first.address, access)) {
      return fault.within(fault.hole() & first.mask);
    }
    resident = msis.resident;
    return grant(msis.address, MsiTable.MASK, true, true, false, access);
  }

  /** Interrupt files are recognised page by page (section 2.1.3.6), so neither a block nor a hole reaches over one. */
  private boolean secondStage(Access access) {
    long apart = context.maskWithoutInterruptFiles(first.address);
    if (second.dry != null) {
      second.dry.behind(first.readable, first.executable);
    }
    if (!second.translate(context, first.address, access)) {
      return fault.within(fault.hole() & first.mask & apart);
    }
    return grant(second.address, second.mask & apart, second.readable, second.writable, second.executable, access);
  }

  private boolean firstStage(int index, long iova, Access access) {
    boolean named = index != ProcessIndex.NONE;
    int process = named ? ProcessIndex.process(index) : 0;
    if (named && (!context.has(DeviceContext.PDTV) || !ProcessDirectory.holds(context.processLevels(), process))) {
      return fault.raise(FaultCause.TRANSACTION_TYPE_DISALLOWED, -1);
    }
    tables.transaction.ofGuest(context.isGuest(), context.gscid());
    if (!context.has(DeviceContext.PDTV)) {
      return firstStage(context.firstMode(), context.pscid(), context.firstRoot(), false, false, iova, access);
    }
    boolean ofProcess = named || context.has(DeviceContext.DPE);
    if (ofProcess) {
      tables.transaction.ofProcess(process);
    }
    if (!ofProcess || context.processLevels() == 0) {
      return firstStage(PagingMode.BARE, 0, 0, false, false, iova, access);
    }
    boolean supervisor = ProcessIndex.isSupervisor(index);
    if (!processes.locate(context, process)) {
      return fault.within(-1);
    }
    if (supervisor && !processes.allowsSupervisor()) {
      return fault.raise(FaultCause.TRANSACTION_TYPE_DISALLOWED, -1);
    }
    return firstStage(processes.mode(), processes.pscid(), processes.root(), supervisor, processes.opensUserPages(),
        iova, access);
  }

  private boolean firstStage(
      PagingMode mode, int pscid, long root, boolean supervisor, boolean sum, long iova, Access access) {
    boolean space = mode != PagingMode.BARE;
    iotlb.enter(miss, Domains.of(context.isGuest(), context.gscid(), space, pscid));
    tables.transaction.inSpace(space, pscid);
    tables.count(PerformanceMonitor.TLB_MISS);
    first.asks(supervisor, sum);
    return first.translate(context, mode, root, iova, access);
  }

  private boolean grant(
      long to, long blockMask, boolean reads, boolean writes, boolean fetches, Access access) {
    long block = first.mask & blockMask;
    if (!resident && (to & ~physicalMask) != 0) {
      return fault.raise(FaultCause.accessFault(access), block & Long.highestOneBit(to) - 1);
    }
    target = resident ? iommu.interruptFiles() : tables.space();
    address = to;
    mask = block & physicalMask;
    leafMask = leafMask == 0 ? mask : leafMask;
    readable = first.readable && reads;
    writable = first.writable && writes;
    executable = first.executable && fetches;
    memoryType = first.memoryType != 0 || !walked ? first.memoryType : secondMemoryType();
    return true;
  }

  private int secondMemoryType() {
    return context.isInterruptFile(first.address) ? 0 : second.memoryType;
  }
}
