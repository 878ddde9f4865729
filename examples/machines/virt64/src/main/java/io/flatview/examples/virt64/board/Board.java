package io.flatview.examples.virt64.board;

import io.flatview.device.DeviceTimers;
import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.virt64.console.ConsoleInput;
import io.flatview.examples.virt64.device.Clint;
import io.flatview.examples.virt64.device.ConsoleSink;
import io.flatview.examples.virt64.device.Plic;
import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.examples.virt64.device.RealTimeClock;
import io.flatview.examples.virt64.device.SerialPort;
import io.flatview.examples.virt64.device.TestFinisher;
import io.flatview.examples.virt64.hart.DeviceAtomics;
import io.flatview.examples.virt64.hart.Hart;
import io.flatview.examples.virt64.irq.HartPort;
import io.flatview.examples.virt64.irq.Timebase;
import io.flatview.examples.virt64.load.LoadException;
import io.flatview.examples.virt64.load.Program;
import io.flatview.examples.virt64.storm.PageDetours;
import io.flatview.examples.virt64.storm.Storm;
import io.flatview.examples.virt64.storm.StormPlan;
import io.flatview.examples.virt64.time.Ticks;
import io.flatview.examples.virt64.virtio.VirtioMmio;
import io.flatview.examples.virtio.BlockDevice;
import io.flatview.examples.virtio.VirtioDevice;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The machine: its memory map, its devices and its harts. One thread runs it; harts have threads of their own. */
public final class Board implements ConsoleInput.Guest, AutoCloseable {

  private static final long DEVICE_TREE_ALIGNMENT = 2 << 20;
  private static final long PAGE = 4096;
  private static final long SHARED_MIB = 16;
  private static final int DETOURS = 64;
  private static final long DEVICE_TREE_LIMIT = 0xc000_0000L;

  /** How long threads have to end; a hart looks after some thousand instructions. */
  private static final Duration PATIENCE = Duration.ofMillis(800);

  private final BoardOptions options;
  private final ConsoleSink console;
  private final DispatchMemory memory;
  private final MemoryRegion.Container system;
  private final AddressSpace bus;
  private final MemoryRegion.Ram dram;
  private final MemoryRegion.Ram shared;
  private final MemoryRegion.Rom rom;
  private final PowerSwitch power = new PowerSwitch();
  private final Timebase timebase = new Timebase();
  private final List<HartPort> ports = new ArrayList<>();
  private final List<Hart> harts = new ArrayList<>();
  private final Plic plic;
  private final SerialPort serial;
  private final IommuBoard iommu;
  private final PageDetours detours;
  private final AddressSpace fabric;
  private final AddressSpace dma;
  private final DeviceTimers timers = new DeviceTimers("timers");
  private final List<VirtioMmio> transports = new ArrayList<>();

  /** Null before all is placed. */
  private AddressSpace.Registration pci;

  /**
   * Builds a board and loads its programs.
   *
   * @param options the parts of the board
   * @param policy how its memory map is reclaimed; stays open
   * @param console takes what the guest prints; called by any hart
   * @throws LoadException if a program does not fit, or the host has not as much memory
   */
  public Board(BoardOptions options, ReclaimPolicy policy, ConsoleSink console) {
    this.options = options;
    this.console = console;
    memory = DispatchMemory.create(policy);
    dram = dram(memory, options.memoryBytes());
    system = memory.container("system", Size.FULL);
    bus = memory.addressSpace("memory", system);
    shared = memory.ram("shared", Size.mib(SHARED_MIB));
    rom = memory.rom("reset", Size.bytes(Layout.RESET_ROM_SIZE));
    DeviceAtomics atomics = new DeviceAtomics();
    for (int i = 0; i < options.harts(); i++) {
      ports.add(new HartPort());
      harts.add(new Hart(i, memory, bus, ports.get(i), timebase, atomics));
    }
    plic = new Plic(ports);
    detours = new PageDetours(
        bus, new AddressRange(Layout.DRAM, Layout.DRAM + options.memoryBytes() - 1), DETOURS);
    fabric = memory.addressSpace("fabric", memory.iommu("page-detours", Size.FULL, detours));
    iommu = options.iommu() ? new IommuBoard(memory, fabric, policy, plic) : null;
    dma = memory.addressSpace("dma", system);
    serial = new SerialPort(console, plic.line(Layout.SERIAL_INTERRUPT));
    try {
      assemble();
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  private static MemoryRegion.Ram dram(DispatchMemory memory, long bytes) {
    try {
      return memory.ram("dram", Size.bytes(bytes));
    } catch (RuntimeException | OutOfMemoryError e) {
      memory.close();
      throw new LoadException("there are no " + bytes + " bytes of memory to be had here: " + e.getMessage());
    }
  }

  private void assemble() {
    for (int i = 0; i < Layout.VIRTIO_COUNT; i++) {
      transports.add(transport(i, i == 0 ? open(options.drive()) : null));
    }
    place();
    if (iommu != null) {
      iommu.place(system);
    }
    load();
  }

  private void place() {
    memory.update(tx -> {
      placeDevices(tx);
      pci = PciBoard.place(memory, system, bus, shared, this::busMaster, plic, tx);
    });
  }

  /** The address space through which a device reads and writes memory. */
  private AddressSpace busMaster(String name, int requester) {
    return iommu == null ? dma : iommu.busMaster(name, requester);
  }

  private void placeDevices(Transaction transaction) {
    transaction
        .addSubregion(system, Layout.DRAM, dram)
        .addSubregion(system, Layout.FINISHER, device("finisher", TestFinisher.SIZE, new TestFinisher(power)))
        .addSubregion(system, Layout.CLINT, device("clint", Clint.SIZE, new Clint(ports, timebase)))
        .addSubregion(system, Layout.PLIC, device("plic", Plic.SIZE, plic))
        .addSubregion(system, Layout.RTC, device("rtc", RealTimeClock.SIZE, clock()))
        .addSubregion(system, Layout.SERIAL, device("serial", SerialPort.SIZE, serial));
    for (int i = 0; i < Layout.VIRTIO_COUNT; i++) {
      transaction.addSubregion(
          system,
          Layout.VIRTIO + i * Layout.VIRTIO_STRIDE,
          device("virtio" + i, VirtioMmio.SIZE, transports.get(i)));
    }
  }

  private RealTimeClock clock() {
    return new RealTimeClock(plic.line(Layout.RTC_INTERRUPT), timers);
  }

  private VirtioMmio transport(int index, VirtioDevice device) {
    AddressSpace space =
        device == null ? dma : busMaster("virtio" + index + "-dma", Layout.VIRTIO_REQUESTER + index);
    return new VirtioMmio(device, version(), plic.line(Layout.VIRTIO_INTERRUPT + index), memory, space);
  }

  private VirtioMmio.Version version() {
    if (options.iommu()) {
      return VirtioMmio.Version.BEHIND_IOMMU;
    }
    return options.modernVirtio() ? VirtioMmio.Version.MODERN : VirtioMmio.Version.LEGACY;
  }

  private static BlockDevice open(Path drive) {
    try {
      return drive == null ? null : new BlockDevice(drive);
    } catch (IOException e) {
      throw new LoadException("cannot open the drive " + drive + ": "
          + (Files.exists(drive) ? e.getMessage() : "no such file"));
    }
  }

  private MemoryRegion.Mmio device(String name, long size, MmioHandler handler) {
    return memory.mmio(name, Size.bytes(size), handler);
  }

  private void load() {
    AddressRange initrd = options.initrd() == null ? null : loadInitrd();
    byte[] tree = DeviceTree.of(options, initrd);
    long treeAddress = deviceTreeAddress(tree.length);
    load("the device tree", treeAddress, MemorySegment.ofArray(tree));
    if (options.bios() != null) {
      load(options.bios());
    }
    if (options.kernel() != null) {
      load(options.kernel());
    }
    long next = options.kernel() == null ? 0 : options.kernel().entry();
    rom.copyIn(0, MemorySegment.ofArray(ResetRom.of(options.start(), treeAddress, next)));
    memory.update(tx -> tx.addSubregion(system, Layout.RESET_ROM, rom));
  }

  /** As far up as software with 32-bit habits can reach. */
  private long top() {
    return Math.min(Layout.DRAM + options.memoryBytes(), DEVICE_TREE_LIMIT);
  }

  private long deviceTreeAddress(long bytes) {
    return Math.max(Layout.DRAM, (top() - bytes) & -Math.min(DEVICE_TREE_ALIGNMENT, options.memoryBytes() / 4));
  }

  /** Below wherever the device tree may come to stand. */
  private AddressRange loadInitrd() {
    MemorySegment content = Program.read(options.initrd(), 0).pieces().getFirst().content();
    long size = content.byteSize();
    if (size == 0) {
      throw new LoadException(options.initrd() + " is empty");
    }
    long first = (top() - 2 * DEVICE_TREE_ALIGNMENT - size) & -PAGE;
    load(options.initrd().toString(), first, content);
    return new AddressRange(first, first + size - 1);
  }

  private void load(Program program) {
    program.pieces().forEach(piece -> load(program.name(), piece.address(), piece.content()));
  }

  private void load(String name, long address, MemorySegment content) {
    long offset = address - Layout.DRAM;
    long room = options.memoryBytes() - content.byteSize();
    if (Long.compareUnsigned(offset, room) > 0 || room < 0) {
      throw new LoadException(name + " wants " + content.byteSize() + " bytes at " + AddressRange.hex(address)
          + ", but there is memory only at "
          + new AddressRange(Layout.DRAM, Layout.DRAM + options.memoryBytes() - 1) + "; give it more with --memory");
    }
    dram.copyIn(offset, content);
  }

  /**
   * Sends the guest a byte on its serial port. Any thread may call this.
   *
   * @param value the byte
   * @return false if it was not taken, since too many wait
   */
  @Override
  public boolean type(byte value) {
    return serial.receive(value);
  }

  /** The console has room again: a guest that waits for that goes on. Any thread may call this. */
  public void transmit() {
    serial.transmit();
  }

  @Override
  public boolean wantsInput() {
    return serial.isWaiting();
  }

  /**
   * How the run is ended from outside.
   *
   * @return the switch
   */
  public PowerSwitch power() {
    return power;
  }

  /**
   * The board's memory.
   *
   * @return the memory system, open until the board is closed
   */
  public DispatchMemory memory() {
    return memory;
  }

  /**
   * How many instructions all harts have executed.
   *
   * @return the sum; a little old while they run
   */
  public long executed() {
    return harts.stream().mapToLong(Hart::executed).sum();
  }

  /**
   * Where each hart is, for people.
   *
   * @return a line for each; exact once the run has ended
   */
  public List<String> whereabouts() {
    return harts.stream().map(Hart::where).toList();
  }

  /**
   * A storm over this board's map. With an IOMMU, all that devices and the IOMMU itself read and write in memory goes
   * through the pages that it remaps.
   *
   * @param plan the changes that the storm makes
   * @return not begun yet; it must have ended before the board is closed
   */
  public Storm storm(StormPlan plan) {
    return new Storm(memory, bus, system, dram, detours, fabric, plan);
  }

  /**
   * Where the guest finds devices, whatever it places there while it runs.
   *
   * @return addresses for the harts
   */
  public static List<AddressRange> devices() {
    return List.of(
        new AddressRange(0, Layout.DRAM - 1),
        new AddressRange(Layout.PCI_HIGH, Layout.PCI_HIGH + Layout.PCI_HIGH_SIZE - 1));
  }

  /**
   * The harts' address space.
   *
   * @return open until the board is closed
   */
  public AddressSpace bus() {
    return bus;
  }

  /**
   * Runs until the guest, the host or the time limit ends it. Returns within a second then, whatever the guest does,
   * where the host is not held up.
   *
   * @param limit how long at most
   * @return how it ended; if a thread of the machine does not end, that is a failure
   * @throws InterruptedException if interrupted
   */
  public PowerSwitch.End run(Duration limit) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (Hart hart : harts) {
      hart.reset(Layout.RESET_ROM);
    }
    for (int i = 0; i < harts.size(); i++) {
      threads.add(start("hart" + i, harts.get(i)));
    }
    Program test = test();
    if (test != null) {
      threads.add(start("tohost", hostInterface(test)));
    }
    PowerSwitch.End end = power.await(limit);
    harts.forEach(Hart::stop);
    List<Thread> stuck = stuck(threads);
    return stuck.isEmpty() ? end : new PowerSwitch.End(PowerSwitch.Reason.FAILURE, 1, stuckIn(stuck));
  }

  private static List<Thread> stuck(List<Thread> threads) throws InterruptedException {
    Ticks patience = Ticks.of(PATIENCE);
    for (Thread thread : threads) {
      patience.join(thread);
    }
    return threads.stream().filter(Thread::isAlive).toList();
  }

  private static IllegalStateException stuckIn(List<Thread> threads) {
    Thread first = threads.getFirst();
    IllegalStateException failure =
        new IllegalStateException(threads.size() + " threads do not end, " + first.getName() + " first");
    failure.setStackTrace(first.getStackTrace());
    return failure;
  }

  /**
   * The program that reports through {@code tohost}.
   *
   * @return null if none does
   */
  public Program test() {
    Program first = options.bios() != null ? options.bios() : options.kernel();
    return first != null && first.isTest() ? first : null;
  }

  private HostInterface hostInterface(Program test) {
    long toHost = test.toHost().getAsLong();
    return new HostInterface(memory, bus, toHost, test.fromHost().orElse(toHost + 8), power, console);
  }

  private Thread start(String name, Runnable task) {
    return Thread.ofPlatform().name(name).daemon().start(() -> {
      try {
        task.run();
      } catch (Throwable e) {
        power.fail(e);
        throw e;
      }
    });
  }

  /** Takes the board apart, within a second; all of it, also if a part refuses. */
  @Override
  public void close() {
    timers.close();
    transports.forEach(VirtioMmio::close);
    try (iommu; memory) {
      if (pci != null) {
        pci.close();
      }
      List<MemoryRegion> owners = List.of(dram, shared, rom);
      memory.update(tx -> owners.stream().filter(owner -> owner.parent().isPresent()).forEach(tx::delSubregion));
      owners.forEach(MemoryRegion::close);
    }
  }
}
