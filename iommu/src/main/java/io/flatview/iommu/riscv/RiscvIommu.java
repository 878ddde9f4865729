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
 * A RISC-V IOMMU. Its registers are a device, to be mapped where the guest expects them. Its tables and queues are in
 * the guest's memory. Each device behind it has a bus-master address space of its own.
 *
 * <pre>{@code
 * RiscvIommu iommu = new RiscvIommu(system, memory, policy, Capabilities.ALL, plic::setLevel);
 * MemoryRegion registers = system.mmio("iommu", RiscvIommu.REGISTERS, iommu.registers());
 * AddressSpace dma = iommu.busMaster(system, "nic", 0x0108);
 * }</pre>
 *
 * <p>{@link Capabilities} selects its features; ATS is never among them. A translation that the tables do not grant is
 * reported in the fault queue and never throws, whatever the tables hold.
 *
 * <p><b>Registers</b> take aligned accesses of 4 or 8 bytes. The specification leaves other accesses open; here the bus
 * refuses them with {@link io.flatview.memory.MemTxResult#DECODE_ERROR}, so that a driver's mistake is seen.
 *
 * <p><b>Caching.</b> Translations and device contexts are cached, and the guest must use the command queue as the
 * specification asks. An {@code IOFENCE.C} with PR or PW ends a grace period later, in a thread of its own: every
 * access that was translated before has ended then, so the guest may take memory away. Without PR and PW a fence ends
 * at once.
 *
 * <p><b>Long queues.</b> The store that moves the tail of the command queue runs a portion of at most 256 commands; a
 * task runs the rest, in portions too, so that a guest cannot make a section long.
 *
 * <p><b>Threading.</b> All methods may be called by any thread.
 */
public final class RiscvIommu implements IommuModel, AutoCloseable {

  /** The size of the registers. */
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

  /** The address space for accesses to memory-resident interrupt files, or null without these. */
  private final AddressSpace interruptFiles;

  /** The largest number of blocks that one search of a mirror asks for. */
  private volatile int mirrorLimit = Mirrors.USUAL_LIMIT;

  private final ConcurrentHashMap<Integer, Device> devices = new ConcurrentHashMap<>();
  private final WalkStacks walks = new WalkStacks(this);

  /**
   * An IOMMU after reset: off, so that every access is refused.
   *
   * @param system the memory system that its readers come from
   * @param memory physical memory, which holds the tables and queues, and to which translations lead
   * @param policy the reclamation policy of {@code system}
   * @param capabilities the features that the IOMMU announces
   * @param wires the interrupt wires, called when a level changes
   */
  public RiscvIommu(
      MemorySystem system, AddressSpace memory, ReclaimPolicy policy, Capabilities capabilities,
      WiredInterrupts wires) {
    this(system, memory, policy, capabilities, wires, RiscvIommu::startTask);
  }

  /**
   * An IOMMU after reset, with an executor for its tasks.
   *
   * @param system the memory system that its readers come from
   * @param memory physical memory, which holds the tables and queues, and to which translations lead
   * @param policy the reclamation policy of {@code system}
   * @param capabilities the features that the IOMMU announces
   * @param wires the interrupt wires, called when a level changes
   * @param tasks the executor of the commands after an {@code IOFENCE.C} with PR or PW whose grace period has passed,
   *     of the rest of a long command queue, and of alarms of the cycle counter; by default a virtual thread for each
   *     task, which the JDK does not start while virtual threads that compute occupy all carriers: give an executor of
   *     platform threads where virtual CPUs may do so. {@code Runnable::run} makes reclamation wait for devices and
   *     long queues
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
   * @return the handler of a device of {@link #REGISTERS} bytes
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
   * @return the index, greater than 0
   */
  public static int index(int process, boolean supervisor) {
    return ProcessIndex.of(process, supervisor);
  }

  /**
   * Limits the work for notifiers. To report changes, the IOMMU searches a device's tables for its mapped blocks and
   * keeps a list of them. A guest whose tables lead in circles can map more than the machine's memory, and so make the
   * search and the list long. By default a search asks for 2<sup>21</sup> blocks, which are 8 GiB in pages of 4 KiB.
   * Addresses after them count as unmapped, and a warning is logged. May be called at any time; concerns the searches
   * that begin afterwards.
   *
   * @param blocks the largest number of blocks, mapped or not, that one search asks for; at least 1
   * @throws IllegalArgumentException if it is less
   */
  public void setMirrorLimit(int blocks) {
    if (blocks < 1) {
      throw new IllegalArgumentException("a limit of " + blocks + " blocks; a mirror searches at least 1");
    }
    mirrorLimit = blocks;
  }

  int mirrorLimit() {
    return mirrorLimit;
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

  /** A device by its number, even if it was never opened: a debug request may name any. */
  Device deviceFor(int id) {
    Device opened = devices.get(id);
    return opened != null ? opened : new Device(this, id);
  }

  void walk(Device device, int index, long iova, Access access, MapReader reader, IommuTlbEntry entry) {
    WalkStack stack = walks.current();
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

  /** Whether the access that is refused now is the IOMMU's own, in a circle of translations. */
  boolean isInCircle() {
    return walks.current().isInCircle();
  }

  void countRequest(int device, int index) {
    PerformanceMonitor.Transaction request = new PerformanceMonitor.Transaction();
    request.begin(device, index);
    monitor.count(PerformanceMonitor.UNTRANSLATED_REQUEST, request);
  }

  /** Reports that a message to a memory-resident interrupt file could not be stored. */
  void reportInterruptFile(long place, MapReader reader) {
    WalkStack stack = walks.current();
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
   * interrupt pending, wires low, counters 0 and caches empty. Devices stay; notifiers get unmap events for everything
   * that was mapped.
   *
   * @throws RuntimeException the first failure of a wire or a notifier, when the reset is done and all were called
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
   * Stops the command queue and drops the cache; a fence that waits is cancelled. Close the IOMMU before its memory
   * system. Accesses of devices are still translated afterwards, mostly by walks.
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
