package io.flatview.memory;

import java.lang.foreign.MemorySegment;

/**
 * Where an address leads, after every IOMMU on the way. Owned by its {@link MapReader} and overwritten by the reader's
 * next translation, load or store; valid only inside the section it was made in. Never keep one in a field.
 */
public interface Translation {

  /**
   * The section that answers; where nothing answers or an IOMMU refuses, the unassigned section of the same generation,
   * whose region is a {@link MemoryRegion.Reserved} named {@code unassigned}.
   *
   * @return never null
   */
  MemoryRegionSection section();

  /**
   * Whether something answers.
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
   * @return unsigned
   */
  long address();

  /**
   * Where in the answering region the address falls.
   *
   * @return the offset, unsigned
   */
  long offset();

  /**
   * How many of the bytes asked for lead on from here without a break: narrowed by every IOMMU block on the way, and by
   * the end of the section or the hole. Where taps watch some pages of a section, it ends with the pages that have in
   * common whether {@link #memory()} is handed out; a load or store does not end there.
   *
   * @return at least 1, unsigned
   */
  long length();

  /**
   * The memory that serves the access, for a reader that keeps it and so loads or stores without a translation each: a
   * CPU's translation cache. It is all that the region owns, and {@link #offset()} is where the address lies in it;
   * {@link #length()} says how far it may be used. It is the reader's until its outermost section ends, and in a later
   * section again if that is of the same {@linkplain MapReader#generation() generation}.
   *
   * @return null if each access must go through the reader: a device serves it, it is refused, a tap watches the page,
   *     it is a write and a dirty client logs writes, or an IOMMU led there, which may change its answer within a
   * generation,
   *     or a bank, which may select something else: see {@link #selectedMemory()}
   * @throws IllegalStateException outside a section of the calling thread
   */
  MemorySegment memory();

  /**
   * As {@link #memory()}, but also for a write that somebody logs: a reader that stores there says so itself, with
   * {@link MapReader#wrote}, after its first store to a page and in the same section. So a translation cache can let
   * stores to a page that it has told of go without asking, until the section ends.
   *
   * @return what {@link #memory()} gives, or the memory that takes writes and is logged; null otherwise
   * @throws IllegalStateException outside a section of the calling thread
   */
  MemorySegment loggedMemory();

  /**
   * As {@link #memory()}, but also for what a bank shows: that is the reader's only as long as {@link #selection()} is
   * current, which it looks at before each use.
   *
   * @return what {@link #memory()} gives, or the memory that a bank shows; null otherwise
   * @throws IllegalStateException outside a section of the calling thread
   */
  MemorySegment selectedMemory();

  /**
   * Says whether the banks on the way still select what they selected.
   *
   * @return null where no bank is on the way, and nothing needs to be asked
   */
  BankSelection selection();

  /**
   * Why the unassigned section was given.
   *
   * @return {@link Fault#NONE} unless an IOMMU was the reason
   */
  Fault fault();

  /** What went wrong on the way through IOMMUs. */
  enum Fault {
    /** Nothing. */
    NONE,
    /** An IOMMU did not grant the access. */
    PERMISSION,
    /** More hops than the memory system allows: the IOMMUs lead in a circle. */
    HOP_LIMIT,
    /**
     * The space in which the address was given, or one that an IOMMU led to, is not part of the section's generation:
     * it was opened after the section began, or is closed. A section that begins now sees an open one.
     */
    NOT_IN_GENERATION
  }
}
