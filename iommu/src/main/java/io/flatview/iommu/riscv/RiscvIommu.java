package io.flatview.iommu.riscv;

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
 * <p>What it can do is in {@link Capabilities}; it never has ATS, MSIs of its own, performance counters or the debug
 * interface. A translation that the tables do not grant is reported in the fault queue and never throws, whatever the
 * tables hold.
 *
 * <p><b>Caching.</b> Translations and device contexts are cached, and the guest must use the command queue as the
 * specification asks. An {@code IOFENCE.C} with PR or PW ends when every access that was translated before has ended,
 * so that memory can be taken away: a grace period later, in a thread of its own. Without them it ends at once.
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
  private final CommandQueue commands;
  private final FaultQueue faults;
  private final RegisterFile registers;
  private final ConcurrentHashMap<Integer, Device> devices = new ConcurrentHashMap<>();
  private final ThreadLocal<IovaTranslation> scratch = ThreadLocal.withInitial(this::newScratch);

  /**
   * An IOMMU after reset: off, so that every access is refused.
   *
   * @param system whose readers it uses
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
   * @param system whose readers it uses
   * @param memory physical memory: where its tables and queues are, and where translations lead
   * @param policy the reclamation policy of {@code system}
   * @param capabilities what it announces
   * @param wires its interrupts
   * @param tasks runs the queue's commands behind an {@code IOFENCE.C} with PR or PW when its grace period has passed;
   *     by default a virtual thread for each fence. {@code Runnable::run} keeps reclamation waiting for devices
   */
  public RiscvIommu(
      MemorySystem system, AddressSpace memory, ReclaimPolicy policy, Capabilities capabilities, WiredInterrupts wires,
      Executor tasks) {
    this.system = system;
    this.memory = memory;
    this.capabilities = capabilities;
    this.directory = new DeviceDirectory(capabilities);
    this.iotlb = new Iotlb(policy, memory, IOTLB_ENTRIES);
    Interrupts interrupts = new Interrupts(wires);
    this.faults = new FaultQueue(memory, interrupts);
    this.commands = new CommandQueue(this, memory, policy, tasks, interrupts);
    this.registers = new RegisterFile(this, capabilities, directory, commands, faults, interrupts);
  }

  private static void startTask(Runnable task) {
    Thread.ofVirtual().name("flatview-iommu-fence").start(task);
  }

  private IovaTranslation newScratch() {
    return new IovaTranslation(capabilities, directory, iotlb, memory);
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

  Iotlb iotlb() {
    return iotlb;
  }

  FaultQueue faults() {
    return faults;
  }

  DeviceDirectory directory() {
    return directory;
  }

  void walk(
      Device device, int index, long iova, Access access, MapReader reader, boolean probing, IommuTlbEntry entry) {
    IovaTranslation own = scratch.get();
    IovaTranslation free = own.isBusy() ? newScratch() : own;
    free.run(device, index, iova, access, reader, probing, entry);
  }

  void setDirectory(long ddtp) {
    directory.write(ddtp);
    iotlb.invalidateAll();
    devices.values().forEach(device -> device.mirrors().follow(AddressRange.ALL));
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
      default -> iotlb.invalidateAll();
    }
    AddressRange changed = kind == Command.Kind.IOTINVAL_VMA && command.hasAddress() ? page(command) : AddressRange.ALL;
    devices.values().forEach(device -> device.mirrors().follow(changed));
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
    iotlb.close();
  }
}
