package io.flatview.dispatch.topology;

import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.tap.TapIndex;
import io.flatview.dispatch.tap.TapTable;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.PrintableText;
import io.flatview.memory.Size;
import io.flatview.rcu.Milestone;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A region. Its state is written under the map's lock by {@link Change} only, and is volatile because {@link
 * MemoryRegion} lets any thread read it.
 */
public abstract sealed class RegionNode permits ParentNode, RegionNode.AliasNode {

  private static final VarHandle ATTACHMENT;
  private static final VarHandle UNREACHABLE;

  /** The end of the regions that became unreachable before it was asked for. */
  private static final Milestone REACHED = new Milestone();

  static {
    REACHED.reach();
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ATTACHMENT = lookup.findVarHandle(RegionNode.class, "attachment", Object.class);
      UNREACHABLE = lookup.findVarHandle(RegionNode.class, "unreachable", Milestone.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Topology topology;
  private final long id;
  private final String name;

  /** The place and the properties of the region. */
  volatile RegionState state;

  /** The embedder's object; accessed through {@link #ATTACHMENT} only. */
  private Object attachment;

  /** The end of the region; null until it is asked for or comes. Turned from null by a CAS, and then kept. */
  private volatile Milestone unreachable;

  /** The objects that show the region; its own from the first one on. */
  private Holders holders = Holders.NONE;

  RegionNode(Topology topology, String name, RegionState state) {
    this.topology = topology;
    this.id = topology.nextId();
    this.name = name;
    this.state = state;
  }

  /**
   * The implementation of a region.
   *
   * @param region any region made by this module
   * @return the node
   * @throws IllegalArgumentException for another implementation
   */
  public static RegionNode of(MemoryRegion region) {
    if (Objects.requireNonNull(region, "region") instanceof RegionNode node) {
      return node;
    }
    throw new IllegalArgumentException("a region of " + region.getClass() + "; only a MemorySystem makes regions");
  }

  /**
   * This node as its users know it.
   *
   * @return this object
   */
  public final MemoryRegion region() {
    return (MemoryRegion) this;
  }

  /**
   * Whether the region answers accesses itself, as opposed to arranging others.
   *
   * @return false for containers and aliases
   */
  public abstract boolean answers();

  /**
   * The memory behind the region.
   *
   * @return the block, or null if there is none
   */
  public RamBlock ram() {
    return null;
  }

  /**
   * The device that serves the region.
   *
   * @return the device with its rules, or null if there is none
   */
  public DeviceBinding device() {
    return null;
  }

  /**
   * Whether reads of a ROM device go to its memory; false for every other kind.
   *
   * @return true if reads go to the memory
   */
  public boolean romdMode() {
    return false;
  }

  /**
   * The taps on accesses to a section. Only the holder of the map's lock may call this.
   *
   * @param section a section of this region
   * @return the taps by address
   */
  public final TapIndex tapsOn(MemoryRegionSection section) {
    return topology.taps().on(section);
  }

  /**
   * The taps of the memory system.
   *
   * @return the taps of all regions and spaces
   */
  public final TapTable taps() {
    return topology.taps();
  }

  /** Throws if the region is closed. */
  final void requireOpen() {
    if (state.closed()) {
      throw new IllegalStateException("region " + this + " is closed; make a new one");
    }
  }

  final Topology topology() {
    return topology;
  }

  public final String name() {
    return name;
  }

  public final long id() {
    return id;
  }

  public final Size size() {
    return state.size();
  }

  public final boolean isEnabled() {
    return state.enabled();
  }

  public final boolean isReadOnly() {
    return state.flags().readOnly();
  }

  public final boolean isNoFetch() {
    return state.flags().noFetch();
  }

  public final boolean isNonVolatile() {
    return state.flags().nonVolatile();
  }

  public final boolean isUnmergeable() {
    return state.flags().unmergeable();
  }

  public final int dirtyLogMask() {
    return state.flags().dirtyLogMask();
  }

  public final Optional<MemoryRegion.Parent> parent() {
    return Optional.ofNullable((MemoryRegion.Parent) state.parent());
  }

  public final long address() {
    return state.address();
  }

  public final int priority() {
    return state.priority();
  }

  final Holders holders() {
    return holders;
  }

  private Holders ownHolders() {
    if (holders == Holders.NONE) {
      holders = new Holders();
    }
    return holders;
  }

  final boolean hasAliases() {
    return holders.firstAlias() != null;
  }

  final void addAlias(AliasNode alias) {
    ownHolders().add(alias.link);
  }

  /**
   * Counts the address spaces with this root: {@code opened} more, or fewer if negative. Allocates nothing if there was
   * one before.
   */
  final void countRoot(int opened) {
    ownHolders().roots += opened;
  }

  final boolean isRoot() {
    return holders.roots > 0;
  }

  final boolean isOnWay() {
    return holders.onWay;
  }

  /**
   * Sets whether the region is on the path from an address space's root to its view root, so that the space's view
   * depends on the region's own properties, too.
   *
   * @param now whether it is
   */
  public final void setOnWay(boolean now) {
    ownHolders().onWay = now;
  }

  final boolean startsView() {
    return holders.startsView;
  }

  /**
   * Sets whether the region is a view root.
   *
   * @param now whether one does
   */
  public final void setStartsView(boolean now) {
    ownHolders().startsView = now;
  }

  /**
   * The acquire load pairs with the release in {@link #attach}: a thread that sees the object sees all writes before it
   * was attached.
   */
  public final Object attachment() {
    return ATTACHMENT.getAcquire(this);
  }

  public final Object attach(Object next) {
    return ATTACHMENT.getAndSet(this, next);
  }

  public final void close() {
    topology.owner().close(this);
  }

  public CompletionStage<Void> released() {
    Milestone end = endOr(new Milestone());
    topology.releases().await(end);
    return end.stage();
  }

  /** The end of the region; the given one if there is none yet. */
  private Milestone endOr(Milestone first) {
    return UNREACHABLE.compareAndSet(this, (Milestone) null, first) ? first : unreachable;
  }

  /** Called when a commit that closed the region is published: it is closed for good. */
  public final void closedForGood() {
    switch (this) {
      case MemoryNode memory -> {
        topology.regions().forget(memory);
        memory.ram().close();
      }
      case MmioNode device -> topology.gates().forget(device);
      case ContainerNode _, BankNode _, ReservedNode _, IommuNode _, AliasNode _ -> { }
    }
  }

  /** Called when no reader can reach the region any more. Allocates nothing if no stage waits for that. */
  public final void unreachable() {
    Milestone end = endOr(REACHED);
    end.reach();
    topology.releases().forget(end);
  }

  /**
   * Called if the policy gives up before it knows that no reader can reach the region.
   *
   * @param cause says why
   */
  public final void abandon(Throwable cause) {
    Milestone end = endOr(new Milestone());
    end.fail(cause);
    topology.releases().forget(end);
  }

  /** The name and the number, which tells regions of one name apart. */
  @Override
  public final String toString() {
    return "'" + PrintableText.of(name) + "' (#" + id + ")";
  }

  /** An alias of another region. */
  public static final class AliasNode extends RegionNode implements MemoryRegion.Alias {

    private final RegionNode target;
    volatile long targetOffset;

    final Holders.Link link;

    AliasNode(Topology topology, String name, RegionNode target, long targetOffset, Size size) {
      super(topology, name, RegionState.initial(size, false));
      this.target = target;
      this.targetOffset = targetOffset;
      this.link = new Holders.Link(this, topology.droppedAliases());
    }

    @Override
    public boolean answers() {
      return false;
    }

    /**
     * The node that the alias shows.
     *
     * @return the target node
     */
    public RegionNode targetNode() {
      return target;
    }

    @Override
    public MemoryRegion target() {
      return target.region();
    }

    @Override
    public long targetOffset() {
      return targetOffset;
    }
  }
}
