package io.flatview.memory;

import java.util.Set;
import java.util.function.Consumer;

/**
 * How an IOMMU region maps its addresses: the methods of QEMU's {@code IOMMUMemoryRegionClass}.
 *
 * <p>{@link #translate} and {@link #refused} are called by any number of threads at once, inside their read-side
 * sections; they must not block, and {@code translate} must not allocate on the path of a hit.
 */
@FunctionalInterface
public interface IommuTranslator {

  /**
   * Translates one address. Is asked for every access, unless the answer may be
   * {@linkplain IommuTlbEntry#reusableWhile used again}.
   *
   * @param address the offset in the IOMMU region, unsigned
   * @param access what the initiator wants
   * @param index which of the IOMMU's tables, from the attributes of the access; 0 for most
   * @param reader the initiator's, inside its section: tables in memory read with it are of the generation that the
   *     whole translation sees
   * @param entry where the answer goes; it says "no permission" on entry
   */
  void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry);

  /**
   * A translation that was asked for is not granted, or leads in a circle: the moment to record a fault. Also called if
   * the entry grants the access and an alias on the way refuses writes.
   *
   * @param address the offset in the IOMMU region, unsigned
   * @param access what the initiator wanted
   * @param index which of the IOMMU's tables
   * @param fault {@link Translation.Fault#PERMISSION}, or {@link Translation.Fault#HOP_LIMIT} for the last IOMMU that
   *     was passed
   * @param entry what {@link #translate} left, with its {@linkplain IommuTlbEntry#reason() reason}
   * @param reader the initiator's, inside its section
   */
  default void refused(
      long address, Access access, int index, Translation.Fault fault, IommuTlbEntry entry, MapReader reader) {}

  /**
   * Which table an access goes through.
   *
   * @param attributes what the initiator says of itself
   * @return an index below {@link #indexes()}
   */
  default int indexOf(MemTxAttrs attributes) {
    return 0;
  }

  /**
   * How many tables there are; indexes count from 0.
   *
   * @return at least 1
   */
  default int indexes() {
    return 1;
  }

  /**
   * The sizes of blocks that may be mapped.
   *
   * @return a set of bits: bit <i>n</i> for blocks of 2<sup>n</sup> bytes. The lowest is the smallest page
   */
  default long pageSizeMask() {
    return -1L << 12;
  }

  /**
   * Tells what is mapped now, in ascending order, neighbours that continue each other as one range. Called inside the
   * reader's section, while the region tells nobody else anything.
   *
   * <p>By default asks {@link #translate} for one block after the other, for reading. That is as fast as there are
   * mapped blocks and holes, if {@code translate} {@linkplain IommuTlbEntry#deny(long) says how large a hole is}; else
   * it goes by the smallest page.
   *
   * @param range which offsets in the IOMMU region
   * @param index which of the tables
   * @param reader inside its section
   * @param mapped takes each mapped range, cropped to {@code range}
   */
  default void replay(AddressRange range, int index, MapReader reader, Consumer<? super IommuEvent.Map> mapped) {
    new BlockReplay(this, index, reader, mapped).run(range);
  }

  /**
   * The notifiers of a region change: from when this returns, changes of that table must be told by
   * {@link MemoryRegion.Iommu#notifyIommu} if their kind is wanted. Called in the thread that registers or closes a
   * notifier, for one region by one thread at a time.
   *
   * @param region a region that this translates for
   * @param index which of the tables
   * @param kinds all kinds that some notifier wants now; empty if there is none left
   * @throws IllegalArgumentException to refuse a registration that adds a kind that cannot be told
   */
  default void notifiersChanged(MemoryRegion.Iommu region, int index, Set<IommuEvent.Kind> kinds) {}
}
