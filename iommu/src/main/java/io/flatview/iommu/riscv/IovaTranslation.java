package io.flatview.iommu.riscv;

import io.flatview.iommu.Iotlb;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.MapReader;

/**
 * The process to translate an I/O virtual address (section 2.3), step by step. Mutable scratch space, for one thread
 * and one translation at a time.
 *
 * <p>Only untranslated requests exist here, since ATS is not announced.
 */
final class IovaTranslation {

  private static final long PHYSICAL_MASK = (1L << Capabilities.PHYSICAL_BITS) - 1;

  private final DeviceDirectory directory;
  private final Iotlb iotlb;
  private final TableMemory tables;
  private final Fault fault = new Fault();
  private final SecondStage second;
  private final FirstStage first;
  private final ProcessDirectory processes;
  private final MsiTable msis;
  private final Iotlb.Miss miss = new Iotlb.Miss();

  private DeviceContext context;
  private boolean busy;

  IovaTranslation(Capabilities capabilities, DeviceDirectory directory, Iotlb iotlb, AddressSpace memory) {
    this.directory = directory;
    this.iotlb = iotlb;
    this.tables = new TableMemory(memory);
    this.second = new SecondStage(tables, fault);
    this.first = new FirstStage(tables, fault, second);
    this.processes = new ProcessDirectory(capabilities, tables, fault, second);
    this.msis = new MsiTable(tables, fault);
  }

  /** Whether a translation is under way, which came back here through the memory that holds its tables. */
  boolean isBusy() {
    return busy;
  }

  /** Grants or denies; with {@code probing}, says what is mapped for both directions and changes nothing. */
  void run(Device device, int index, long iova, Access access, MapReader reader, boolean probing, IommuTlbEntry entry) {
    busy = true;
    try {
      tables.use(reader);
      first.original = access;
      first.probing = probing;
      second.original = access;
      second.probing = probing;
      context = null;
      if (!steps(device, index, iova, access, probing, entry)) {
        fault.deny(entry, context != null && context.has(DeviceContext.DTF));
      }
    } finally {
      busy = false;
    }
  }

  private boolean steps(Device device, int index, long iova, Access access, boolean probing, IommuTlbEntry entry) {
    iotlb.begin(miss, device.id(), index, iova);
    long ddtp = directory.ddtp();
    if (DeviceDirectory.isOff(ddtp)) {
      return fault.raise(FaultCause.ALL_INBOUND_DISALLOWED, -1);
    }
    if (DeviceDirectory.isBare(ddtp)) {
      return passThrough(iova, access, probing, entry);
    }
    context = device.context(directory, ddtp, tables, fault);
    if (context == null || !firstStage(index, iova, access)) {
      return false;
    }
    if (context.isInterruptFile(first.address)) {
      return msis.translate(context, first.address) && grant(msis.address, MsiTable.MASK, true, true, probing, entry);
    }
    if (!second.translate(context, first.address, access)) {
      return fault.within(fault.hole() & first.mask);
    }
    return grant(second.address, second.mask, second.readable, second.writable, probing, entry);
  }

  private boolean passThrough(long address, Access access, boolean probing, IommuTlbEntry entry) {
    if (isBeyond(address)) {
      return fault.raise(FaultCause.accessFault(access), PHYSICAL_MASK);
    }
    entry.grant(tables.space(), address, PHYSICAL_MASK, true, true);
    if (!probing) {
      iotlb.allowReuse(miss, entry);
    }
    return true;
  }

  private static boolean isBeyond(long address) {
    return (address & ~PHYSICAL_MASK) != 0;
  }

  private boolean firstStage(int index, long iova, Access access) {
    boolean named = index != ProcessIndex.NONE;
    int process = named ? ProcessIndex.process(index) : 0;
    if (named && (!context.has(DeviceContext.PDTV) || !ProcessDirectory.holds(context.processLevels(), process))) {
      return fault.raise(FaultCause.TRANSACTION_TYPE_DISALLOWED, -1);
    }
    if (!context.has(DeviceContext.PDTV)) {
      return firstStage(context.firstMode(), context.pscid(), context.firstRoot(), false, false, iova, access);
    }
    if (context.processLevels() == 0 || !named && !context.has(DeviceContext.DPE)) {
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
    iotlb.enter(miss, Domains.of(context.isGuest(), context.gscid(), mode != PagingMode.BARE, pscid));
    first.asks(supervisor, sum);
    return first.translate(context, mode, root, iova, access);
  }

  private boolean grant(
      long address, long mask, boolean readable, boolean writable, boolean probing, IommuTlbEntry entry) {
    if (isBeyond(address)) {
      return fault.raise(FaultCause.accessFault(first.original), PagingMode.span(0));
    }
    long block = first.mask & mask & PHYSICAL_MASK;
    boolean reads = first.readable && readable;
    boolean writes = first.writable && writable;
    entry.grant(tables.space(), address, block, reads, writes);
    if (!probing) {
      iotlb.allowReuse(miss, entry);
      iotlb.fill(miss, address, block, first.mask == -1 ? block : first.mask, reads, writes);
    }
    return true;
  }
}
