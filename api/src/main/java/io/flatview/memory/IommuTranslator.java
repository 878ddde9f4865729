package io.flatview.memory;

/**
 * How an IOMMU region maps its addresses.
 *
 * <p>Called by any number of threads at once, inside their read-side sections; must neither block nor allocate on the
 * path of a hit.
 */
public interface IommuTranslator {

  /**
   * Translates one address.
   *
   * @param address the offset in the IOMMU region, unsigned
   * @param access what the initiator wants
   * @param index which of the IOMMU's tables, from the attributes of the access; 0 for most
   * @param reader the initiator's, inside its section: tables in memory read with it are of the generation that the
   *     whole translation sees
   * @param entry where the answer goes; it says "no permission" on entry
   */
  void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry);
}
