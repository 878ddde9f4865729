package io.flatview.dispatch.pagetable;

import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.tap.TapIndex;
import io.flatview.dispatch.tap.TapSet;
import io.flatview.dispatch.tap.TapsOnHoles;
import io.flatview.dispatch.topology.BankNode;
import io.flatview.dispatch.topology.ContainerNode;
import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.dispatch.topology.IommuNode;
import io.flatview.dispatch.topology.MemoryNode;
import io.flatview.dispatch.topology.MmioNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.topology.ReservedNode;
import io.flatview.memory.Access;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.SectionAttributes;

/**
 * A leaf of the page table: the section, with the properties that accesses need in fields. A section with pages that
 * taps watch has several leaves, which {@link WatchedParts} lays out; all other sections have one.
 */
public final class PhysSection extends PhysPageEntry {

  /** Lowest address of the leaf, unsigned, inclusive. */
  public final long first;

  /** Highest address of the leaf, unsigned, inclusive. */
  public final long last;

  /**
   * The number of addresses for which a reader may use the leaf again without a lookup: all addresses of the leaf, or 0
   * for the leaf of holes, which has no bounds, and for leaves of IOMMUs and of variants of banks, whose answer may
   * change.
   */
  private final long kept;

  /** The number to add to an address to get the offset in the region. */
  public final long toOffset;

  /** The memory behind the region, whether or not it serves an access, or null. */
  public final RamBlock memory;

  /** The memory that reads may access directly; null if they are served otherwise or observed. */
  public final RamBlock readable;

  /** The memory that writes may access directly; null if they are served otherwise or observed. */
  public final RamBlock writable;

  /** Whether fetches may access {@link #memory} directly. */
  private final boolean fetchesMemory;

  /** Whether memory serves reads, directly or not. */
  public final boolean loadsMemory;

  /** Whether memory serves writes, directly or not. */
  public final boolean storesMemory;

  /** Whether taps or watches may be called for accesses. */
  public final boolean tapped;

  /** A {@link TapIndex}, except for the leaf of holes. */
  private final TapSet taps;

  /** The device that serves accesses that memory does not, or null. */
  public final DeviceBinding device;

  /**
   * Whether PlainAccess may call the device directly for reads, since no lock, filter, tap or adaptation of sizes is in
   * between.
   */
  public final boolean readsPlainly;

  /** Whether PlainAccess may call the device directly for writes that its gate does not take. */
  public final boolean writesPlainly;

  /** The translator of an IOMMU region, or null. */
  public final IommuTranslator translator;

  /** Whether writes go to the device. */
  public final boolean deviceWritable;

  /** The tables behind a bank's leaf, which never answers itself; or null. */
  public final BankTable table;

  /** The selections of banks under which the leaf shows, or null. */
  public final BankWay way;

  /** The section as users know it. */
  public final MemoryRegionSection section;

  /**
   * A leaf for a whole section that no tap watches and no bank shows.
   *
   * @param section the section; not a bank's
   */
  public PhysSection(MemoryRegionSection section) {
    this(section, null, null);
  }

  /**
   * Makes a leaf; {@code table} is a bank's or null, {@code way} has the selections under which the leaf shows, or is
   * null.
   */
  PhysSection(MemoryRegionSection section, BankTable table, BankWay way) {
    this(section, table, way, TapIndex.NONE);
  }

  private PhysSection(MemoryRegionSection section, BankTable table, BankWay way, TapSet taps) {
    this.table = table;
    this.way = way;
    this.section = section;
    this.first = section.range().first();
    this.last = section.range().last();
    this.toOffset = section.offsetInRegion() - first;
    RegionNode node = RegionNode.of(section.region());
    Behaviour behaviour = Behaviour.of(node, section.attributes());
    this.memory = node.ram();
    this.loadsMemory = behaviour.loadsMemory;
    this.storesMemory = behaviour.storesMemory;
    this.taps = taps;
    this.tapped = taps != TapIndex.NONE;
    this.readable = loadsMemory ? memory : null;
    this.fetchesMemory = loadsMemory && !refusesFetches();
    this.writable = storesMemory && !isLogged() ? memory : null;
    this.device = node.device();
    this.deviceWritable = device != null && !isReadOnly();
    boolean plain = answersPlainly(node) && !tapped;
    this.readsPlainly = plain;
    this.writesPlainly = plain && deviceWritable;
    this.translator = behaviour.translator;
    this.kept = translator == null && table == null && way == null ? last - first + 1 : 0;
  }

  /** Whether no lock, filter or adaptation of sizes is between accesses and a device that alone answers. */
  private static boolean answersPlainly(RegionNode node) {
    return node instanceof MmioNode && node.device().isPlain();
  }

  /** A part of a leaf. */
  private PhysSection(PhysSection of, long first, long last, TapIndex taps) {
    this.table = of.table;
    this.way = of.way;
    this.section = of.section;
    this.first = first;
    this.last = last;
    this.toOffset = of.toOffset;
    this.memory = of.memory;
    this.loadsMemory = of.loadsMemory;
    this.storesMemory = of.storesMemory;
    this.taps = taps;
    this.tapped = taps != TapIndex.NONE;
    this.readable = loadsMemory && !taps.concern(Access.READ) ? memory : null;
    this.fetchesMemory = loadsMemory && !refusesFetches() && !taps.concern(Access.FETCH);
    this.writable = storesMemory && !isLogged() && !taps.concern(Access.WRITE) ? memory : null;
    this.device = of.device;
    this.deviceWritable = of.deviceWritable;
    boolean plain = answersPlainly(RegionNode.of(section.region()));
    this.readsPlainly = plain && !taps.concern(Access.READ);
    this.writesPlainly = plain && deviceWritable && !taps.concern(Access.WRITE);
    this.translator = of.translator;
    this.kept = way == null ? last - first + 1 : 0;
  }

  /**
   * Makes the leaf for holes, one for all addresses and all maps.
   *
   * @param section the section for holes, over all addresses
   * @return a leaf that looks up the taps on holes at each access
   */
  public static PhysSection unassigned(MemoryRegionSection section) {
    return new PhysSection(section, null, null, RegionNode.of(section.region()).taps().onHoles());
  }

  /**
   * A leaf for a part of the section.
   *
   * @param from the lowest address, unsigned, in the section
   * @param to the highest address, unsigned, in the section
   * @param watching the taps that watch addresses of this part
   * @return a leaf that is the same otherwise
   */
  PhysSection part(long from, long to, TapIndex watching) {
    return new PhysSection(this, from, to, watching);
  }

  /** A copy of a bank's leaf with another table. */
  PhysSection leadingTo(BankTable other) {
    return other == table ? this : new PhysSection(section, other, way);
  }

  /**
   * The taps on accesses to this part of the section.
   *
   * @return {@link TapIndex#NONE} for most
   */
  public TapSet taps() {
    return taps;
  }

  /** The taps that watch this part of a section; none for the leaf of the holes. */
  TapIndex index() {
    return taps instanceof TapIndex index ? index : TapIndex.NONE;
  }

  private boolean isLogged() {
    return section.attributes().dirtyLogMask() != 0;
  }

  /**
   * The clients that log writes to the memory.
   *
   * @return 0 if writes reach no memory, or no client logs them
   */
  public int dirtyLogMask() {
    return storesMemory && writable == null ? section.attributes().dirtyLogMask() : 0;
  }

  /**
   * The memory that fetches may access directly.
   *
   * @return null if they are served otherwise, refused or observed
   */
  public RamBlock fetchable() {
    return fetchesMemory ? memory : null;
  }

  /**
   * Whether fetches are refused.
   *
   * @return true if no kind of region serves them
   */
  public boolean refusesFetches() {
    return section.attributes().noFetch();
  }

  /**
   * Whether writes are refused.
   *
   * @return true if no kind of region serves them
   */
  public boolean isReadOnly() {
    return section.attributes().readOnly();
  }

  /** The treatment of accesses by each kind of region. A new kind does not compile until it is added here. */
  private record Behaviour(boolean loadsMemory, boolean storesMemory, IommuTranslator translator) {

    static Behaviour of(RegionNode node, SectionAttributes attributes) {
      return switch (node) {
        case MemoryNode.RamNode _ -> new Behaviour(true, !attributes.readOnly(), null);
        case MemoryNode.RomNode _ -> new Behaviour(true, false, null);
        case MemoryNode.RomDeviceNode _ -> new Behaviour(attributes.romdMode(), false, null);
        case IommuNode iommu -> new Behaviour(false, false, iommu.translator());
        case MmioNode _, ReservedNode _, BankNode _ -> new Behaviour(false, false, null);
        case ContainerNode _, RegionNode.AliasNode _ ->
            throw new AssertionError("region " + node + " answers nothing and can be no section");
      };
    }
  }

  @Override
  int height() {
    return 0;
  }

  /**
   * Whether the leaf answers at an address, and may be kept for the next one.
   *
   * @param address any address
   * @return false for a hole, an IOMMU and a variant of a bank
   */
  public boolean holds(long address) {
    return Long.compareUnsigned(last - address, kept) < 0;
  }

  /**
   * Whether a reader may keep the leaf for the next address.
   *
   * @return false for a hole, for an IOMMU, and for a section of all addresses
   */
  public boolean isKept() {
    return kept != 0;
  }

  /**
   * Whether this is the leaf of holes, at whose addresses no region answers.
   *
   * @return false for the leaf of a section
   */
  public boolean isHole() {
    return taps instanceof TapsOnHoles;
  }

  /**
   * Whether memory serves an access, directly or not.
   *
   * @param access the kind of access
   * @return false if it is refused or a device serves it
   */
  public boolean memoryServes(Access access) {
    return switch (access) {
      case READ -> loadsMemory;
      case WRITE -> storesMemory;
      case FETCH -> loadsMemory && !refusesFetches();
    };
  }

  /**
   * Whether a device serves an access, and not memory.
   *
   * @param access the kind of access
   * @return true if the device is called, or would be but for a refusal
   */
  public boolean asksDevice(Access access) {
    return device != null && (access.writes() || !loadsMemory);
  }

  /**
   * Whether another leaf has the next bytes of the same section, which taps divide.
   *
   * @param other a leaf of the same map
   * @return true if an access to both is one access
   */
  public boolean isPartOfOneWith(PhysSection other) {
    return other.section == section;
  }

  /**
   * Whether another leaf is equal in all properties.
   *
   * @param other a leaf of another map
   * @return true if readers cannot tell them apart
   */
  boolean sameAs(PhysSection other) {
    return first == other.first && last == other.last && section.equals(other.section) && index().sameAs(other.index())
        && (table == null || other.table != null && table.sameAs(other.table));
  }

  /**
   * Whether another leaf continues this one: the same region, its offsets in line, and the same permissions.
   *
   * @param other a leaf of the same map
   * @return true if only another region lies between the two
   */
  public boolean isContinuedBy(PhysSection other) {
    return other.section.region() == section.region() && other.toOffset == toOffset
        && other.isReadOnly() == isReadOnly() && other.refusesFetches() == refusesFetches();
  }

  /**
   * Whether the leaf answers at an address.
   *
   * @param address any address
   * @return true if its section contains it
   */
  public boolean covers(long address) {
    return Long.compareUnsigned(address - first, last - first) <= 0;
  }

  /**
   * Whether all bytes of an access are in the section.
   *
   * @param address the address of the first byte, any
   * @param size the number of bytes, at least 1
   * @return false if one of them is not
   */
  public boolean contains(long address, int size) {
    return covers(address) && reaches(address, size);
  }

  /**
   * Whether an access that begins in the section ends in it.
   *
   * @param address the address of the first byte, which is in the section
   * @param size the number of bytes, at least 1
   * @return false if the last byte is not
   */
  public boolean reaches(long address, int size) {
    return Long.compareUnsigned(size - 1, last - address) <= 0;
  }
}
