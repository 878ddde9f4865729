package io.flatview.memory;

import java.lang.foreign.MemorySegment;

/**
 * The result of translating an address, through every IOMMU on the way. Owned by its {@link MapReader} and overwritten
 * by the reader's next translation, load or store; valid only inside the section it was made in. Never keep one in a
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
   * @return the space in which {@link #section()} stands
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
   * The number of the requested bytes that follow here without a break: limited by every IOMMU block on the way, and by
   * the end of the section or the hole. Where taps watch some pages of a section, the length ends where pages with and
   * without {@link #memory()} meet; a load or store is not cut there.
   *
   * @return at least 1, unsigned
   */
  long length();

  /**
   * The memory that serves the access, for a reader that keeps it and so loads or stores without a translation each: a
   * CPU's translation cache. The segment is all memory of the region; the address lies in it at {@link #offset()}, and
   * {@link #length()} bytes from there may be used. The reader may use it until its outermost section ends, and in a
   * later section again if that is of the same {@linkplain MapReader#generation() generation}.
   *
   * @return null if each access must go through the reader: a device serves it, it is refused, a tap watches the page,
   *     it is a write and a dirty client logs writes; also where an IOMMU led there, which may change its answer within
   *     a generation, or a bank, which may select another variant: see {@link #selectedMemory()}
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
   * Tells whether the banks on the way still select the same variants.
   *
   * @return null where no bank is on the way, and no check is needed
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
    /** Nothing. */
    NONE,
    /** An IOMMU did not grant the access. */
    PERMISSION,
    /** More hops than the memory system allows: the IOMMUs lead in a circle. */
    HOP_LIMIT,
    /**
     * The space in which the address was given, or one that an IOMMU led to, is not part of the section's generation:
     * it was opened after the section began, or is closed. A later section sees a space that is open.
     */
    NOT_IN_GENERATION
  }
}
