package io.flatview.memory;

import java.lang.foreign.MemorySegment;

/**
 * The result of translating an address, through all IOMMUs. Each {@link MapReader} has one translation, which its next
 * translation, load or store overwrites. It is valid only inside the section in which it was made; never keep it in a
 * field.
 */
public interface Translation {

  /**
   * The section that answers; where nothing answers or an IOMMU refuses, the unassigned section of the same generation,
   * whose region is a {@link MemoryRegion.Reserved} named {@code unassigned}.
   *
   * @return the section, never null
   */
  MemoryRegionSection section();

  /**
   * Whether a region answers.
   *
   * @return false for the unassigned section
   */
  boolean isAssigned();

  /**
   * The address space of the last hop.
   *
   * @return the space to which {@link #section()} belongs
   */
  AddressSpace addressSpace();

  /**
   * The address in the space of the last hop.
   *
   * @return the address in {@link #addressSpace()}, unsigned
   */
  long address();

  /**
   * The offset of the address in the region that answers.
   *
   * @return the offset, unsigned
   */
  long offset();

  /**
   * The number of requested bytes for which this translation holds: up to the end of the section or hole, and of each
   * passed IOMMU block. If taps watch some pages of a section, it also ends between pages with and without {@link
   * #memory()}; a load or store is not cut there.
   *
   * @return at least 1, unsigned
   */
  long length();

  /**
   * The memory that serves the access, for code that caches it and then loads and stores without translating, such as a
   * CPU's translation cache. The segment is all memory of the region; the address is at {@link #offset()} in it, and
   * {@link #length()} bytes from there may be used. The reader may use it until its outermost section ends, and in a
   * later section again if that is of the same {@linkplain MapReader#generation() generation}.
   *
   * @return null if each access must go through the reader: a device serves it, it is refused, a tap watches the page,
   *     it is a write and a dirty client logs writes, an IOMMU was passed, which may change its answer within a
   *     generation, or a bank shows the memory, which may select another variant: see {@link #selectedMemory()}
   * @throws IllegalStateException outside a section of the calling thread
   */
  MemorySegment memory();

  /**
   * As {@link #memory()}, but also for a write that a dirty client logs: a reader that stores there calls {@link
   * MapReader#wrote} itself, after its first store to a page and in the same section. Until the section ends, a
   * translation cache can make further stores to that page without another call.
   *
   * @return the result of {@link #memory()}, or the memory that takes writes and is logged; null otherwise
   * @throws IllegalStateException outside a section of the calling thread
   */
  MemorySegment loggedMemory();

  /**
   * As {@link #memory()}, but also for memory that a bank shows: the reader may use it only as long as {@link
   * #selection()} is current, and checks that before each use.
   *
   * @return the result of {@link #memory()}, or the memory that a bank shows; null otherwise
   * @throws IllegalStateException outside a section of the calling thread
   */
  MemorySegment selectedMemory();

  /**
   * Tells whether the banks that show the memory still select the same variants.
   *
   * @return null if no bank is involved, and no check is needed
   */
  BankSelection selection();

  /**
   * The reason why the unassigned section answers.
   *
   * @return {@link Fault#NONE} unless an IOMMU was the reason
   */
  Fault fault();

  /** Why an address was not translated. */
  enum Fault {
    /** There is no fault: the address was translated. */
    NONE,
    /** An IOMMU did not grant the access. */
    PERMISSION,
    /** The address passed more IOMMUs than the memory system allows, which usually means that they lead in a circle. */
    HOP_LIMIT,
    /**
     * The space in which the address was given, or one that an IOMMU led to, is not part of the section's generation:
     * it was opened after the section began, or is closed. A later section sees a space that is open.
     */
    NOT_IN_GENERATION
  }
}
