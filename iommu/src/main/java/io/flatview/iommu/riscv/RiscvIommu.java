package io.flatview.iommu.riscv;

import io.flatview.iommu.Failures;
import io.flatview.iommu.IommuModel;
import io.flatview.iommu.Iotlb;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicy;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * A RISC-V IOMMU. Its registers are a device's, to be placed where the guest looks for them; its tables and queues are
 * in the guest's memory; each device behind it has a bus-master address space of its own.
 *
 * <pre>{@code
 * RiscvIommu iommu = new RiscvIommu(system, memory, policy, Capabilities.ALL, plic::setLevel);
 * MemoryRegion registers = system.mmio("iommu", RiscvIommu.REGISTERS, iommu.registers());
 * AddressSpace dma = iommu.busMaster(system, "nic", 0x0108);
 * }</pre>
 *
 * <p>What it can do is in {@link Capabilities}; it never has ATS. A translation that the tables do not grant is
 * reported in the fault queue and never throws, whatever the tables hold.
 *
 * <p><b>Registers</b> are accessed with 4 or 8 aligned bytes. The specification leaves open what becomes of others;
 * here the bus refuses them, so that a driver's mistake is seen: {@link io.flatview.memory.MemTxResult#DECODE_ERROR}.
 *
 * <p><b>Caching.</b> Translations and device contexts are cached, and the guest must use the command queue as the
 * specification asks. An {@code IOFENCE.C} with PR or PW ends when every access that was translated before has ended,
 * so that memory can be taken away: a grace period later, in a thread of its own. Without them it ends at once.
 *
 * <p><b>Long queues.</b> The store that moves the tail of the command queue runs a portion of at most 256 commands; a
 * task runs what is left, in portions too, so that no section lasts as long as a guest wants.
 *
 * <p><b>Threading.</b> Everything may be used by any thread.
 */
public final class RiscvIommu implements IommuModel, AutoCloseable {

  /** The extent of the registers. */
  public static final Size REGISTERS = Size.kib(4);

  private static final int IOTLB_ENTRIES = 1 << 15;
  private static final int LARGEST_DEVICE = (1 << 24) - 1;

  private final MemorySystem system;
  private final AddressSpace memory;
  private final Capabilities capabilities;
  private final DeviceDirectory directory;
  private final Iotlb iotlb;
  private final Interrupts interrupts;
  private final CommandQueue commands;
  private final FaultQueue faults;
  private final PerformanceMonitor monitor;
  private final DebugRequests debug;
  private final RegisterFile registers;

  /** Where accesses to memory-resident interrupt files go, or null if there are none. */
  private final AddressSpace interruptFiles;

  /** How many blocks a mirror asks for at once. */
  volatile int mostBlocks = Mirrors.MOST_BLOCKS;

  private final ConcurrentHashMap<Integer, Device> devices = new ConcurrentHashMap<>();
  private final ThreadLocal<WalkStack> walks = ThreadLocal.withInitial(() -> new WalkStack(this));

  /**
   * An IOMMU after reset: off, so that every access is refused.
   *
   * @param system the memory system that its readers come from
   * @param memory physical memory: where its tables and queues are, and where translations lead
   * @param policy the reclamation policy of {@code system}
   * @param capabilities what it announces
   * @param wires its interrupts
   */
  public RiscvIommu(
      MemorySystem system, AddressSpace memory, ReclaimPolicy policy, Capabilities capabilities,
      WiredInterrupts wires) {
    this(system, memory, policy, capabilities, wires, RiscvIommu::startTask);
  }

  /**
   * An IOMMU after reset, with a say in where its command queue goes on.
   *
   * @param system the memory system that its readers come from
   * @param memory physical memory: where its tables and queues are, and where translations lead
   * @param policy the reclamation policy of {@code system}
   * @param capabilities what it announces
   * @param wires its interrupts
   * @param tasks runs the queue's commands behind an {@code IOFENCE.C} with PR or PW when its grace period has passed,
   *     and those that a long queue has left; by default a virtual thread for each task. {@code Runnable::run} keeps
   *     reclamation waiting for devices and long queues
   */
  public RiscvIommu(
      MemorySystem system, AddressSpace memory, ReclaimPolicy policy, Capabilities capabilities, WiredInterrupts wires,
      Executor tasks) {
    this.system = system;
    this.memory = memory;
    this.capabilities = capabilities;
    this.directory = new DeviceDirectory(capabilities);
    this.iotlb = new Iotlb(policy, memory, IOTLB_ENTRIES);
    this.interrupts = new Interrupts(wires, capabilities, this::sendMessage);
    this.faults = new FaultQueue(memory, capabilities, interrupts);
    this.commands = new CommandQueue(this, memory, capabilities, policy, tasks, interrupts);
    this.monitor = new PerformanceMonitor(interrupts, tasks, iotlb::invalidateAll);
    this.debug = new DebugRequests(this);
    this.registers = new RegisterFile(this, capabilities, directory, commands, faults, interrupts, monitor, debug);
    this.interruptFiles = capabilities.has(Capabilities.MSI_FLAT | Capabilities.MSI_MRIF) ? openInterruptFiles() : null;
  }

  private AddressSpace openInterruptFiles() {
    return system.addressSpace(
        "iommu-mrif", system.mmio("iommu-mrif", Size.FULL, new InterruptFiles(this, memory, capabilities)));
  }

  private static void startTask(Runnable task) {
    Thread.ofVirtual().name("flatview-iommu-fence").start(task);
  }

  IovaTranslation newTranslation() {
    return new IovaTranslation(this, capabilities);
  }

  /**
   * The registers.
   *
   * @return a device of {@link #REGISTERS}
   */
  public MmioHandler registers() {
    return registers;
  }

  /**
   * {@inheritDoc}
   *
   * @param device the {@code device_id}, 0 to 2<sup>24</sup>-1
   */
  @Override
  public IommuTranslator translator(int device) {
    if (device < 0 || device > LARGEST_DEVICE) {
      throw new IllegalArgumentException("device id " + device + "; the largest is " + LARGEST_DEVICE);
    }
    return devices.computeIfAbsent(device, id -> new Device(this, id));
  }

  /**
   * The index of a process's table, for {@link IommuTranslator#translate}; 0 is for accesses without a process.
   *
   * @param process the {@code process_id}, 0 to 2<sup>20</sup>-1
   * @param supervisor whether the access asks for supervisor privilege
   * @return an index
   */
  public static int index(int process, boolean supervisor) {
    return ProcessIndex.of(process, supervisor);
  }

  MapReader reader() {
    return system.reader();
  }

  AddressSpace memory() {
    return memory;
  }

  Iotlb iotlb() {
    return iotlb;
  }

  FaultQueue faults() {
    return faults;
  }

  DeviceDirectory directory() {
    return directory;
  }

  PerformanceMonitor monitor() {
    return monitor;
  }

  AddressSpace interruptFiles() {
    return interruptFiles;
  }

  /** A device by its number, which need not have been opened: a guest may ask for any. */
  Device deviceFor(int id) {
    Device opened = devices.get(id);
    return opened != null ? opened : new Device(this, id);
  }

  void walk(Device device, int index, long iova, Access access, MapReader reader, IommuTlbEntry entry) {
    WalkStack stack = walks.get();
    IovaTranslation translation = stack.enter();
    if (translation == null) {
      entry.deny();
      return;
    }
    try {
      translation.run(device, index, iova, access, reader, entry);
      if (translation.resident) {
        stack.noteInterruptFile(device, index, iova, translation.address, translation.isSilent());
      }
    } finally {
      stack.leave();
    }
  }

  /** Whether what is refused now is refused to the IOMMU itself, on its way in a circle. */
  boolean isInCircle() {
    return walks.get().isInCircle();
  }

  void countRequest(int device, int index) {
    PerformanceMonitor.Transaction request = new PerformanceMonitor.Transaction();
    request.begin(device, index);
    monitor.count(PerformanceMonitor.UNTRANSLATED_REQUEST, request);
  }

  /** A message to a memory-resident interrupt file could not be stored. */
  void reportInterruptFile(long place, MapReader reader) {
    WalkStack stack = walks.get();
    Device device = stack.initiatorAt(place);
    if (device != null) {
      faults.report(FaultCause.MRIF_ACCESS_FAULT.code(), device.id(), stack.index(), Access.WRITE, stack.iova(), 0,
          reader);
    }
  }

  private void sendMessage(long address, int data) {
    MapReader reader = reader();
    try (ReadSection _ = reader.enter()) {
      if (!reader.store(memory, address, 4, Integer.toUnsignedLong(data)).isOk()) {
        faults.reportOwn(FaultCause.MSI_WRITE_ACCESS_FAULT, address, reader);
      }
    }
  }

  void setDirectory(long ddtp) {
    directory.write(ddtp);
    iotlb.invalidateAll();
    followAll(AddressRange.ALL);
  }

  private void followAll(AddressRange changed) {
    Failures failures = new Failures();
    devices.values().forEach(device -> device.mirrors().follow(changed, failures));
    failures.rethrow();
  }

  /**
   * Puts the IOMMU into the state after a reset: off, so that every access is refused, its queues off and empty, no
   * interrupt pending, wires low, counters 0 and caches empty. Devices stay; notifiers are told that nothing is mapped.
   *
   * @throws RuntimeException whatever notifiers throw, when the reset is done and all were told
   */
  public void reset() {
    commands.reset();
    faults.reset();
    monitor.reset();
    debug.reset();
    interrupts.reset();
    directory.reset();
    iotlb.invalidateAll();
    Failures failures = new Failures();
    failures.collect(interrupts::deliver);
    failures.collect(() -> followAll(AddressRange.ALL));
    failures.rethrow();
  }

  /** Runs a command of sections 3.1.1 or 3.1.3. The directory's generation moves before the cache's counters. */
  void invalidate(Command.Kind kind, Command command) {
    switch (kind) {
      case IODIR_INVAL_DDT, IODIR_INVAL_PDT -> {
        directory.forget();
        if (command.hasDevice()) {
          iotlb.invalidateSource(command.device());
        } else {
          iotlb.invalidateAll();
        }
      }
      case IOTINVAL_VMA -> invalidateFirstStage(command);
      case IOTINVAL_GVMA, IOFENCE_C, ILLEGAL -> iotlb.invalidateAll();
    }
    AddressRange changed = kind == Command.Kind.IOTINVAL_VMA && command.hasAddress() ? page(command) : AddressRange.ALL;
    followAll(changed);
  }

  private void invalidateFirstStage(Command command) {
    if (command.hasAddress()) {
      iotlb.invalidate(page(command));
    } else if (command.hasSpace()) {
      iotlb.invalidateDomain(Domains.of(command.hasGuest(), command.gscid(), true, command.pscid()));
    } else {
      iotlb.invalidateAll();
    }
  }

  private static AddressRange page(Command command) {
    return new AddressRange(command.page(), command.page() | 0xfff);
  }

  /**
   * Lets the cache go and stops the command queue; a fence that waits comes to nothing. Close it before the memory
   * system; the devices' address spaces are still translated, by walks for the most part.
   */
  @Override
  public void close() {
    commands.close();
    monitor.close();
    iotlb.close();
    if (interruptFiles != null) {
      interruptFiles.close();
    }
  }
}
