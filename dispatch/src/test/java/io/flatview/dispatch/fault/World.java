package io.flatview.dispatch.fault;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.FlatView;
import io.flatview.memory.MapException;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A small random map on a machine under test: regions of all kinds, some of them parked, two address spaces with
 * listeners that keep books, and a device through which an operation can be made in a callback.
 */
final class World implements AutoCloseable {

  private static final long PAGE = 0x1000;

  /** An address space that can be closed and opened again. */
  static final class Space {

    final String name;
    final MemoryRegion root;
    final List<Ledger> ledgers = List.of(
        new Ledger(AddressRange.ALL, 1), new Ledger(new AddressRange(0x2000, 0x9fff), -1));
    AddressSpace open;

    Space(String name, MemoryRegion root) {
      this.name = name;
      this.root = root;
    }
  }

  /** How long another thread may take, on a machine that is busy. */
  int patienceSeconds = 60;

  final Random random;
  final FaultyPolicy policy = new FaultyPolicy();
  final Machine machine;
  final List<MemoryRegion> regions = new ArrayList<>();
  final List<MemoryRegion.Parent> parents = new ArrayList<>();
  final List<DirtyClient> clients;
  final Map<String, Space> spaces = new LinkedHashMap<>();
  final Meddler meddler = new Meddler();
  private final ManualReclaimPolicy manual = policy.manual;
  private final MemoryRegion.Ram witness;
  private final AddressSpace io;
  private final MapReader reader;
  private final ExecutorService other = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  private Runnable called = () -> {};

  /** The first world of a seed whose aliases come to an end. */
  static World of(long seed, ClassLoader loader) {
    for (long variant = 0; ; variant++) {
      try {
        return new World(seed + (variant << 32), loader);
      } catch (MapException e) {
        // Another one.
      }
    }
  }

  private World(long seed, ClassLoader loader) {
    random = new Random(seed);
    machine = new Machine(loader, policy);
    clients = List.of(machine.memory.dirtyClient("one"), machine.memory.dirtyClient("other"));
    witness = machine.memory.ram("witness", Size.bytes(PAGE));
    machine.memory.addressSpace("witness", witness);
    io = machine.memory.addressSpace("io", machine.memory.mmio("port", Size.bytes(PAGE), new Port()));
    reader = machine.memory.newReader("vcpu");
    makeRegions();
    machine.memory.update(this::placeSome);
    open(new Space("memory", regions.getFirst()));
    open(new Space("part", regions.get(1)));
    if (random.nextBoolean()) {
      open(new Space("same", regions.getFirst()));
    }
  }

  private final class Port implements MmioHandler {

    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {
      called.run();
    }
  }

  private void makeRegions() {
    add(machine.memory.container("root", Size.FULL));
    add(machine.memory.container("bus", Size.bytes(0x8000)));
    add(machine.memory.container("slot", Size.bytes(0x4000)));
    add(machine.memory.ram("ram", Size.bytes(0x3000)));
    add(machine.memory.ram("heap", RamBacking.resizable(Size.bytes(0x1000), Size.bytes(0x4000))));
    add(machine.memory.rom("rom", Size.bytes(0x1000)));
    add(machine.memory.romDevice("flash", Size.bytes(0x2000), new Idle()));
    add(machine.memory.mmio("uart", Size.bytes(0x800), new Idle()));
    add(machine.memory.mmio("timer", Size.bytes(0x1000), new Idle()));
    add(machine.memory.reserved("hole", Size.bytes(0x1000)));
    add(machine.memory.alias("mirror", regions.get(3), 0x1000, Size.bytes(0x2000)));
    add(machine.memory.alias("window", regions.get(1 + random.nextInt(2)), 0, Size.bytes(0x4000)));
    add(machine.memory.alias("again", regions.get(10), 0, Size.bytes(0x1000)));
  }

  private void add(MemoryRegion region) {
    regions.add(region);
    if (region instanceof MemoryRegion.Parent parent) {
      parents.add(parent);
    }
  }

  static final class Idle implements MmioHandler {

    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {}
  }

  private void placeSome(Transaction tx) {
    for (MemoryRegion region : regions.subList(1, regions.size())) {
      if (random.nextInt(5) != 0) {
        MemoryRegion.Parent parent = parents.get(random.nextInt(region instanceof MemoryRegion.Container ? 1 : 3));
        tx.addSubregion(parent, address(), region, random.nextInt(3));
      }
    }
  }

  long address() {
    return random.nextInt(10) * PAGE + (random.nextInt(5) == 0 ? 0x200 : 0);
  }

  <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Runs something in a device's callback. */
  void inDevice(Runnable work) {
    FaultyPolicy.room(200);
    called = work;
    try {
      reader.store(io, 0, 4, 0);
    } finally {
      called = () -> {};
    }
  }

  void open(Space space) {
    opened(space, machine.memory.addressSpace(space.name, space.root));
  }

  /** Registers the listeners of a space that was just opened. */
  void opened(Space space, AddressSpace open) {
    space.open = open;
    space.ledgers.forEach(ledger -> ledger.forget());
    space.ledgers.forEach(ledger -> open.addListener(ledger, ledger.range()));
    open.addListener(meddler);
    spaces.put(space.name, space);
  }

  // What there is to compare

  /** Everything that a failure must not change half: the tree, what shows, what listeners know, what is attached. */
  List<String> picture() {
    Map<Object, Integer> numbers = new IdentityHashMap<>();
    for (int i = 0; i < regions.size(); i++) {
      numbers.put(regions.get(i), i);
    }
    List<String> picture = new ArrayList<>();
    regions.forEach(region -> picture.add(Facts.of(region, numbers)));
    machine.memory.addressSpaces().stream().map(space -> shows(space, numbers)).sorted().forEach(picture::add);
    spaces.values().forEach(space -> picture.add(
        space.name + " " + space.ledgers.stream().map(ledger -> ledger.rules(numbers::get)).toList()));
    return picture;
  }

  /** What is attached, once the next commit has swept what was removed. */
  String attached() {
    return machine.taps() + " taps, " + machine.blocks() + " blocks of memory";
  }

  private static String shows(AddressSpace space, Map<Object, Integer> numbers) {
    StringBuilder text = new StringBuilder(space.name());
    for (MemoryRegionSection section : space.flatView().sections()) {
      text.append("\n  ").append(section.range()).append(' ').append(numbers.get(section.region())).append('@')
          .append(section.offsetInRegion()).append(' ').append(section.attributes());
    }
    return text.toString();
  }

  /** What is wrong, apart from what shows; empty if nothing is. */
  List<String> complaints() {
    List<String> complaints = new ArrayList<>(machine.compareWithRebuild());
    Set<AddressSpace> open = Collections.newSetFromMap(new IdentityHashMap<>());
    open.addAll(machine.memory.addressSpaces());
    for (Space space : spaces.values()) {
      List<MemoryRegionSection> view = open.contains(space.open) ? space.open.flatView().sections() : List.of();
      space.ledgers.stream().map(ledger -> ledger.complaint(view)).filter(Objects::nonNull)
          .forEach(complaint -> complaints.add("a listener of " + space.name + " " + complaint));
    }
    if (machine.unfinished() != 0) {
      complaints.add(machine.unfinished() + " changes are not final outside any transaction");
    }
    addWitness(complaints);
    manual.runGracePeriod();
    addCounts(complaints);
    manual.failures().forEach(failure -> complaints.add("a reclamation failed: " + failure));
    return complaints;
  }

  private void addWitness(List<String> complaints) {
    try {
      other.submit(this::commit).get(patienceSeconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      complaints.add("another thread cannot commit");
    } catch (ExecutionException | InterruptedException e) {
      complaints.add("another thread's commit failed: " + e);
    }
  }

  /** Makes two commits, the second of which takes back the first. */
  private void commit() {
    for (int i = 0; i < 2; i++) {
      boolean volatileNow = i != 0;
      machine.memory.update(tx -> tx.setNonVolatile(witness, !volatileNow));
      if (machine.memory.addressSpaces().getFirst().flatView().sections().getFirst().attributes().nonVolatile()
          == volatileNow) {
        throw new IllegalStateException("the commit is not published");
      }
    }
  }

  /** A commit of the caller's that changes nothing that is compared; it may fail. */
  void touch() {
    machine.memory.update(tx -> tx.setNonVolatile(witness, !witness.isNonVolatile()));
  }

  private void addCounts(List<String> complaints) {
    Map<FlatView, Boolean> views = new IdentityHashMap<>();
    machine.memory.addressSpaces().forEach(space -> views.put(space.flatView(), true));
    Map<MemoryRegion, Long> sections = new IdentityHashMap<>();
    views.keySet().forEach(view -> view.sections().forEach(section -> sections.merge(section.region(), 1L, Long::sum)));
    for (MemoryRegion region : regions) {
      if (region instanceof MemoryRegion.Memory memory) {
        long expected = sections.getOrDefault(region, 0L) + (Machine.isClosed(region) ? 0 : 1);
        if (Machine.uses(memory) != expected) {
          complaints.add(region + " is counted " + Machine.uses(memory) + " times, and not " + expected);
        }
      }
    }
  }

  @Override
  public void close() {
    other.shutdown();
    reader.close();
    end(machine.memory::close);
  }

  /** Has closing fail at a step; returns whether there is such a step. */
  boolean failToClose(Faults.Kind kind, long step) {
    Faults.arm(kind, step, 0);
    try {
      machine.memory.close();
    } catch (Throwable thrown) {
      // It is closed again.
    } finally {
      Faults.disarm();
    }
    return Faults.fired();
  }

  /** Closes the machine, if need be once more, and sees that everything is given back. */
  void end(Runnable closing) {
    closing.run();
    manual.barrier();
    long left = machine.memory.statistics().ramBlocks();
    manual.close();
    if (left != 0 || machine.memory.statistics().ramBytes() != 0) {
      throw new AssertionError(left + " blocks of memory are left of a machine that is closed");
    }
  }
}
