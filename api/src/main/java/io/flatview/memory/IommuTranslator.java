package io.flatview.memory;

import java.util.Set;
import java.util.function.Consumer;

/**
 * Maps the addresses of an IOMMU region: the methods of QEMU's {@code IOMMUMemoryRegionClass}.
 *
 * <p>{@link #translate} and {@link #refused} are called by any number of threads at once, inside their read-side
 * sections; they must not block, and {@code translate} must not allocate on the path of a hit.
 */
@FunctionalInterface
public interface IommuTranslator {

  /**
   * Translates one address. Called for every access, unless the last answer may be {@linkplain
   * IommuTlbEntry#reusableWhile used again}.
   *
   * @param address the offset in the IOMMU region, unsigned
   * @param access the kind of access that the initiator makes
   * @param index the number of the IOMMU's table, from 0, from the attributes of the access; 0 for most
   * @param reader the initiator's reader, inside its section: tables in memory read with it are of the generation that
   *     the whole translation sees
   * @param entry takes the answer; grants nothing on entry
   */
  void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry);

  /**
   * Called when an access was refused, or exceeded the number of hops: the place to record a fault. Also called if the
   * entry grants the access and the IOMMU region, or one that shows it, refuses writes or fetches.
   *
   * @param address the offset in the IOMMU region, unsigned
   * @param access the kind of access that the initiator made
   * @param index the number of the IOMMU's table, from 0
   * @param fault {@link Translation.Fault#PERMISSION}, or {@link Translation.Fault#HOP_LIMIT} for the last IOMMU that
   *     was passed
   * @param entry the entry that {@link #translate} filled, with its {@linkplain IommuTlbEntry#reason() reason}
   * @param reader the initiator's reader, inside its section
   */
  default void refused(
      long address, Access access, int index, Translation.Fault fault, IommuTlbEntry entry, MapReader reader) {}

  /**
   * The table that translates an access.
   *
   * @param attributes the attributes of the initiator
   * @return an index below {@link #indexes()}
   */
  default int indexOf(MemTxAttrs attributes) {
    return 0;
  }

  /**
   * The number of tables; indexes count from 0.
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
   * Reports all mappings in force, in ascending order, with consecutive mappings joined. Called inside the reader's
   * section; meanwhile the region calls no notifier.
   *
   * <p>The default calls {@link #translate} for one block after the other, for reading. It takes one call for each
   * mapped block and each hole, if {@code translate} {@linkplain IommuTlbEntry#deny(long) says how large a hole is};
   * otherwise one call for each smallest page of a hole.
   *
   * @param range the offsets in the IOMMU region to go through
   * @param index the number of the table, from 0
   * @param reader a reader inside its section
   * @param mapped takes each mapped range, cropped to {@code range}
   */
  default void replay(AddressRange range, int index, MapReader reader, Consumer<? super IommuEvent.Map> mapped) {
    new BlockReplay(this, index, reader, mapped).run(range);
  }

  /**
   * Called when the notifiers of a region change: once this returns, {@link MemoryRegion.Iommu#notifyIommu} must be
   * called for each change of that table whose kind is wanted. Called in the thread that registers or closes a
   * notifier, for one region by one thread at a time. Transactions that it begins are made when the registration or the
   * close has ended.
   *
   * @param region a region with this translator
   * @param index the number of the table, from 0
   * @param kinds all kinds that some notifier wants now; empty if there is none left
   * @throws IllegalArgumentException to refuse a registration that adds a kind of event that this IOMMU cannot
   *     produce
   */
  default void notifiersChanged(MemoryRegion.Iommu region, int index, Set<IommuEvent.Kind> kinds) {}
}
