package io.flatview.dispatch;

import io.flatview.dispatch.access.AccessChain;
import io.flatview.dispatch.access.AccessChains;
import io.flatview.dispatch.access.DispatchReader;
import io.flatview.dispatch.commit.AddressSpaces;
import io.flatview.dispatch.commit.MapLock;
import io.flatview.dispatch.commit.SpaceReach;
import io.flatview.dispatch.commit.Ticket;
import io.flatview.dispatch.commit.WriteSide;
import io.flatview.dispatch.failure.Warnings;
import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.inspect.Inspector;
import io.flatview.dispatch.pagetable.PageGeometry;
import io.flatview.dispatch.ram.Origin;
import io.flatview.dispatch.ram.RamAllocator;
import io.flatview.dispatch.tap.TapPoint;
import io.flatview.dispatch.topology.BankNode;
import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.dispatch.topology.MemoryNode;
import io.flatview.dispatch.topology.MmioNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.topology.Regions;
import io.flatview.dispatch.topology.Topology;
import io.flatview.dispatch.window.BounceSpace;
import io.flatview.dispatch.window.WindowRequest;
import io.flatview.dispatch.window.Windows;
import io.flatview.mapping.host.Hold;
import io.flatview.memory.AccessTap;
import io.flatview.memory.AccessWatch;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.Doorbell;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapInspector;
import io.flatview.memory.Leak;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MemoryStatistics;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.RegionLabels;
import io.flatview.memory.SectionAttributes;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TapRegistration;
import io.flatview.memory.Transaction;
import io.flatview.rcu.Checked;
import io.flatview.rcu.NoWaitScope;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A memory system that publishes its map through a reclamation policy.
 *
 * <pre>{@code
 * ReclaimPolicy policy = ReclaimPolicies.discover();
 * MemorySystem memory = DispatchMemory.create(policy);
 * }</pre>
 *
 * <p>With the system property {@code flatview.checked} set to {@code true}, guest memory belongs to arenas, so that an
 * access after its release throws; otherwise such an access is undefined, as after {@code free}. Only a broken
 * reclamation policy lets that happen.
 */
public final class DispatchMemory implements MemorySystem {

  /** The number of memory systems made so far, which tells those without a name apart. */
  private static final AtomicLong MADE = new AtomicLong();

  private final ReclaimPolicy policy;
  private final DispatchOptions options;
  private final String system;
  private final SharedMaps shared;
  private final RamAllocator allocator;
  private final Windows windows = new Windows(this::anyReader, Checked.ON);
  private final DirtyClients dirtyClients;
  private final RcuReference<Generation> generations;
  private final Topology topology;
  private final MapLock lock;
  private final WriteSide writeSide;
  private final AddressSpaces spaces;
  private final Hold hold;
  private final Cleaner.Cleanable drop;
  private final AccessChains chains = new AccessChains();

  /**
   * The implicit readers. Weak references, since a thread outlives memory systems, and a reader refers to all of its
   * memory system. A section refers to its reader, and what a thread may ask for outside is in {@link #lastResults}.
   */
  private final ThreadLocal<WeakReference<DispatchReader>> readers = new ThreadLocal<>();

  /** The last results of the implicit readers, for those that follow a collected one; of a class of the JDK. */
  private final ThreadLocal<int[]> lastResults = new ThreadLocal<>();

  private DispatchMemory(ReclaimPolicy policy, DispatchOptions options) {
    this.policy = Objects.requireNonNull(policy, "policy");
    Origin origin = new Origin();
    this.options = Objects.requireNonNull(options, "options");
    this.system = describe(options.name(), MADE.incrementAndGet());
    this.allocator = new RamAllocator(Checked.ON, options.pageSize(), origin);
    this.dirtyClients = new DirtyClients(allocator);
    this.topology = new Topology(new RegionOwner(), allocator);
    MemoryRegion unassigned = topology.regions().reserved("unassigned", Size.FULL);
    this.shared = new SharedMaps(
        new PageGeometry(Integer.numberOfTrailingZeros(options.pageSize())),
        new MemoryRegionSection(AddressRange.ALL, unassigned, 0, SectionAttributes.NONE));
    this.generations = new RcuReference<>(policy, Generation.first(shared.empty()));
    this.writeSide = new WriteSide(system, policy, generations, shared, topology, chains);
    this.lock = writeSide.lock();
    this.spaces = writeSide.spaces();
    this.hold = new Hold(policy.hold(system)::close, origin::dropped);
    this.drop = origin.watch(this, hold::dropped);
  }

  private static String describe(String name, long number) {
    return "memory system " + (name.isEmpty() ? "#" + number : "'" + name + "'");
  }

  private final class RegionOwner implements Topology.Owner {

    @Override
    public void close(RegionNode node) {
      writeSide.committer().close(node);
    }

    @Override
    public void select(BankNode bank, int number) {
      writeSide.select(bank, number, chains.current());
    }

    @Override
    public void flush(MmioNode node) {
      anyReader().flush(node);
    }

    @Override
    public void refuseClosed() {
      lock.refuseClosed();
    }

    @Override
    public void undisturbed(Runnable work) {
      lock.undisturbed(() -> {
        refuseClosed();
        work.run();
        return null;
      });
    }

    @Override
    public void inTurn(DeviceBinding turn, Runnable calls) {
      chains.current().inTurn(turn, () -> {
        try (NoWaitScope _ = policy.forbidWaiting("a notifier of an IOMMU or a discard listener")) {
          calls.run();
        }
      });
    }

    @Override
    public int openClients() {
      return dirtyClients.open();
    }

    @Override
    public void requireOpen(DirtyClient client, RegionNode memory) {
      dirtyClients.require(client, memory);
    }
  }

  /**
   * Makes a memory system with the default options.
   *
   * @param policy decides when a replaced map may be reclaimed; stays open when the memory system is closed
   * @return a new memory system without address spaces
   */
  public static DispatchMemory create(ReclaimPolicy policy) {
    return create(policy, DispatchOptions.defaults());
  }

  /**
   * Makes a memory system.
   *
   * @param policy decides when a replaced map may be reclaimed; stays open when the memory system is closed
   * @param options the sizes and limits of the memory system
   * @return a new memory system without address spaces
   */
  public static DispatchMemory create(ReclaimPolicy policy, DispatchOptions options) {
    return new DispatchMemory(policy, options);
  }

  @Override
  public MemoryRegion.Container container(String name, Size size) {
    return regions().container(named(name), sized(size));
  }

  @Override
  public MemoryRegion.Ram ram(String name, RamBacking backing) {
    return regions().ram(named(name), Objects.requireNonNull(backing, "backing"));
  }

  @Override
  public MemoryRegion.Rom rom(String name, RamBacking backing) {
    return regions().rom(named(name), Objects.requireNonNull(backing, "backing"));
  }

  @Override
  public MemoryRegion.RomDevice romDevice(String name, Size size, MmioDevice handler) {
    return regions().romDevice(named(name), sized(size), Objects.requireNonNull(handler, "handler"));
  }

  @Override
  public MemoryRegion.Mmio mmio(String name, Size size, MmioDevice handler) {
    return regions().mmio(named(name), sized(size), Objects.requireNonNull(handler, "handler"));
  }

  @Override
  public MemoryRegion.Reserved reserved(String name, Size size) {
    return regions().reserved(named(name), sized(size));
  }

  @Override
  public MemoryRegion.Bank bank(String name, Size size, int variants) {
    if (variants < 1 || variants > MemoryRegion.Bank.MOST_VARIANTS) {
      throw new IllegalArgumentException("bank '" + name + "' of " + variants + " variants; 1 to "
          + MemoryRegion.Bank.MOST_VARIANTS + " are possible");
    }
    return regions().bank(named(name), sized(size), variants);
  }

  @Override
  public MemoryRegion.Iommu iommu(String name, Size size, IommuTranslator translator) {
    return regions().iommu(named(name), sized(size), Objects.requireNonNull(translator, "translator"));
  }

  @Override
  public MemoryRegion.Alias alias(String name, MemoryRegion target, long targetOffset, Size size) {
    Objects.requireNonNull(target, "target");
    return lock.undisturbed(() -> regions().alias(named(name), target, targetOffset, sized(size)));
  }

  private Regions regions() {
    lock.refuseClosed();
    return topology.regions();
  }

  private static String named(String name) {
    return Objects.requireNonNull(name, "name");
  }

  private static Size sized(Size size) {
    return Objects.requireNonNull(size, "size");
  }

  @Override
  public AddressSpace addressSpace(String name, MemoryRegion root, AddressSpaceOptions spaceOptions) {
    BounceSpace bounce = new BounceSpace(options.bounceLimit());
    return spaces.open(named(name), Objects.requireNonNull(root, "root"),
        Objects.requireNonNull(spaceOptions, "options"), (space, address, length, access, attributes) ->
            windows.map(new WindowRequest(space, address, access, attributes), bounce, length));
  }

  @Override
  public List<AddressSpace> addressSpaces() {
    return spaces.addressSpaces();
  }

  @Override
  public Transaction begin() {
    AccessChain chain = chains.current();
    return chain.isInDevice() ? writeSide.beginInCallback(chain) : writeSide.committer().beginForUser();
  }

  /** Records no stack trace of the transaction's begin, since it cannot be left open. */
  @Override
  public CommitTicket update(Consumer<Transaction> changes) {
    Objects.requireNonNull(changes, "changes");
    AccessChain chain = chains.current();
    try (Transaction transaction =
        chain.isInDevice() ? writeSide.beginInCallback(chain) : writeSide.committer().begin()) {
      changes.accept(transaction);
      return transaction.commit();
    }
  }

  @Override
  public MapReader reader() {
    DispatchReader known = knownReader();
    if (known != null) {
      return known;
    }
    lock.refuseClosed();
    return makeReader();
  }

  private DispatchReader knownReader() {
    WeakReference<DispatchReader> known = readers.get();
    return known == null ? null : known.get();
  }

  private DispatchReader makeReader() {
    DispatchReader made =
        new DispatchReader(policy.currentReader(), generations, chains, options.hopLimit(), lastResult());
    readers.set(new WeakReference<>(made));
    return made;
  }

  private int[] lastResult() {
    int[] known = lastResults.get();
    if (known == null) {
      known = new int[1];
      lastResults.set(known);
    }
    return known;
  }

  /** The calling thread's own reader, also of a closed memory system: windows may end after its close. */
  private DispatchReader anyReader() {
    DispatchReader known = knownReader();
    return known == null ? makeReader() : known;
  }

  @Override
  public MapReader newReader(String name) {
    lock.refuseClosed();
    return new DispatchReader(policy.register(named(name)), generations, chains, options.hopLimit(), null);
  }

  @Override
  public DirtyClient dirtyClient(String name) {
    lock.refuseClosed();
    return dirtyClients.open(named(name));
  }

  @Override
  public long generation() {
    return generations.dereferenceProtected().number();
  }

  @Override
  public MemoryStatistics statistics() {
    long reclaimed = writeSide.handovers().reclaimed();
    return new MemoryStatistics(generation(), reclaimed, allocator.reservedBytes(), allocator.reservedBlocks());
  }

  @Override
  public TapRegistration tap(AddressSpace space, TapFilter filter, AccessTap tap) {
    Objects.requireNonNull(filter, "filter");
    Objects.requireNonNull(tap, "tap");
    return tap(TapPoint.on(watchable(space, filter), filter, tap));
  }

  @Override
  public TapRegistration tap(MemoryRegion region, TapFilter filter, AccessTap tap) {
    Objects.requireNonNull(filter, "filter");
    Objects.requireNonNull(tap, "tap");
    return tap(TapPoint.on(topology.watchable(region, filter.range()), filter, tap));
  }

  @Override
  public TapRegistration watch(AddressSpace space, TapFilter filter, AccessWatch watch) {
    Objects.requireNonNull(filter, "filter");
    Objects.requireNonNull(watch, "watch");
    return tap(TapPoint.before(watchable(space, filter), filter, watch));
  }

  @Override
  public TapRegistration watch(MemoryRegion region, TapFilter filter, AccessWatch watch) {
    Objects.requireNonNull(filter, "filter");
    Objects.requireNonNull(watch, "watch");
    return tap(TapPoint.before(topology.watchable(region, filter.range()), filter, watch));
  }

  private AddressSpace watchable(AddressSpace space, TapFilter filter) {
    AddressSpace own = DispatchedSpace.in(generations, space);
    SpaceReach.require(own, filter.range(), "a tap");
    return own;
  }

  private TapRegistration tap(TapPoint point) {
    return writeSide.taps().tap(point, new Ticket(policy));
  }

  @Override
  public MapInspector inspect(RegionLabels labels) {
    return new Inspector(spaces, labels);
  }

  /**
   * Renders every address space and builds its page table anew, and compares with those that commits have patched.
   * Takes time in proportion to the maps, and delays other threads that change them. For tests and diagnosis: a
   * difference is a defect of this library.
   *
   * @return a line for each difference; normally none
   */
  public List<String> compareWithRebuild() {
    return spaces.compareWithRebuild();
  }

  @Override
  public List<Leak> leaks() {
    List<Leak> leaks = unheld();
    leaks.addAll(windows.leaks());
    return List.copyOf(leaks);
  }

  /**
   * Open memory regions, and doorbells of open devices, that have no parent and that no alias or address space shows.
   */
  private List<Leak> unheld() {
    return lock.undisturbed(this::unheldNow);
  }

  private List<Leak> unheldNow() {
    List<Leak> unheld = new ArrayList<>();
    for (MemoryNode node : topology.regions().unheld()) {
      unheld.add(new Leak("memory " + node, node.ram().created()));
    }
    for (MmioNode node : topology.gates().unheld()) {
      for (Doorbell bell : node.doorbells()) {
        unheld.add(new Leak(bell + " of device " + node, Optional.empty()));
      }
    }
    return unheld;
  }

  /** The leaks about which a close would warn now. */
  List<Leak> left() {
    List<Leak> left = new ArrayList<>(leaks());
    left.addAll(spaces.registered());
    for (String listener : topology.regions().discardListeners()) {
      left.add(new Leak(listener, Optional.empty()));
    }
    return left;
  }

  private static void warn(Leak leak) {
    Warnings.log(
        DispatchMemory.class, leak.what(), " was not closed before its memory system", leak.created().orElse(null));
  }

  @Override
  public void close() {
    for (Leak leak : left()) {
      warn(leak);
    }
    try {
      spaces.closeAll(this::end, topology.releases()::abandon);
    } finally {
      if (lock.isClosed()) {
        writeSide.handovers().end(releasing(hold, drop));
      }
      Reference.reachabilityFence(this); // or the collector might come first, and warn of a drop
    }
  }

  /** Without a reference to the memory system, as the policy may keep the last handovers for long. */
  private static Runnable releasing(Hold hold, Cleaner.Cleanable drop) {
    return () -> {
      hold.release();
      drop.clean();
    };
  }

  @Override
  public String toString() {
    return system + " on " + policy.name();
  }

  private void end() {
    try {
      allocator.closeAll();
    } finally {
      topology.releases().end();
    }
  }
}
