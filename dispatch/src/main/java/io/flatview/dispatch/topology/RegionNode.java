package io.flatview.dispatch.topology;

import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.tap.TapPoint;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.Size;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A region's place and properties. Written under the topology's lock by {@link Topology} and {@link RegionEdits} only;
 * the fields are volatile because {@link MemoryRegion} lets any thread look.
 */
public abstract sealed class RegionNode permits ParentNode, RegionNode.AliasNode {

  private final Topology topology;
  private final long id;
  private final String name;

  volatile Size size;
  volatile boolean enabled = true;
  volatile boolean readOnly;
  volatile boolean nonVolatile;
  volatile boolean unmergeable;
  volatile int dirtyLogMask;
  volatile ParentNode parent;
  volatile long address;
  volatile int priority;
  volatile boolean closed;

  private final CompletableFuture<Void> unreachable = new CompletableFuture<>();

  /** When the region was placed or moved last, as a number that grows. */
  volatile long placed;

  /** The open aliases that show this region; under the topology's lock. */
  private Set<AliasNode> aliases = Set.of();

  RegionNode(Topology topology, String name, Size size) {
    this.topology = topology;
    this.id = topology.nextId();
    this.name = name;
    this.size = size;
  }

  /**
   * The implementation of a region.
   *
   * @param region any region made by this module
   * @return its node
   * @throws ClassCastException for another implementation
   */
  public static RegionNode of(MemoryRegion region) {
    return (RegionNode) region;
  }

  /**
   * This node as its users know it.
   *
   * @return this
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
   * @return the mode
   */
  public boolean romdMode() {
    return false;
  }

  /**
   * Who watches accesses to a section; for a holder of the topology's lock.
   *
   * @param section of this region
   * @return in the order in which they are told
   */
  public final TapPoint[] tapsOn(MemoryRegionSection section) {
    return topology.taps().of(section);
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
    return size;
  }

  public final boolean isEnabled() {
    return enabled;
  }

  public final boolean isReadOnly() {
    return readOnly;
  }

  public final boolean isNonVolatile() {
    return nonVolatile;
  }

  public final boolean isUnmergeable() {
    return unmergeable;
  }

  public final int dirtyLogMask() {
    return dirtyLogMask;
  }

  public final Optional<MemoryRegion.Parent> parent() {
    return Optional.ofNullable((MemoryRegion.Parent) parent);
  }

  public final long address() {
    return address;
  }

  public final int priority() {
    return priority;
  }

  final Set<AliasNode> aliases() {
    return aliases;
  }

  final void add(AliasNode alias) {
    if (aliases.isEmpty()) {
      aliases = new LinkedHashSet<>();
    }
    aliases.add(alias);
  }

  final void remove(AliasNode alias) {
    aliases.remove(alias);
  }

  /** The highest offset of the parent that the region covers; its own address if it has no size. */
  final long lastInParent() {
    if (size.isEmpty()) {
      return address;
    }
    long last = address + size.last();
    return Long.compareUnsigned(last, address) < 0 ? -1 : last;
  }

  public final void close() {
    topology.owner().close(this);
  }

  public CompletionStage<Void> released() {
    topology.releases().await(unreachable);
    return unreachable.minimalCompletionStage();
  }

  /**
   * The region is closed for good.
   *
   * @param quiesced completes when no reader can reach it
   */
  public final void closedBy(CompletionStage<Void> quiesced) {
    switch (this) {
      case MemoryNode memory -> {
        topology.regions().forget(memory);
        memory.ram().close();
      }
      case MmioNode device -> topology.gates().forget(device);
      default -> { }
    }
    quiesced.whenComplete((_, failure) -> {
      topology.releases().forget(unreachable);
      if (failure == null) {
        unreachable.complete(null);
      } else {
        unreachable.completeExceptionally(failure);
      }
    });
  }

  /** The name and the number, which tells regions of one name apart. */
  @Override
  public final String toString() {
    return "'" + name + "' (#" + id + ")";
  }

  /** A window on another region. */
  public static final class AliasNode extends RegionNode implements MemoryRegion.Alias {

    private final RegionNode target;
    volatile long targetOffset;

    AliasNode(Topology topology, String name, RegionNode target, long targetOffset, Size size) {
      super(topology, name, size);
      this.target = target;
      this.targetOffset = targetOffset;
    }

    @Override
    public boolean answers() {
      return false;
    }

    /**
     * The node that the window shows.
     *
     * @return the target
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
