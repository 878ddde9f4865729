package io.flatview.iommu.riscv;

import io.flatview.memory.Access;

/** A page-table entry (Priv 4.4.1 and chapters 5 and 6 for Svnapot and Svpbmt). */
final class Pte {

  static final long VALID = 1;
  static final long READABLE = 1 << 1;
  static final long WRITABLE = 1 << 2;
  static final long EXECUTABLE = 1 << 3;
  static final long USER = 1 << 4;
  static final long ACCESSED = 1 << 6;
  static final long DIRTY = 1 << 7;
  static final long MEMORY_TYPE = 3L << 61;
  static final long NAPOT = 1L << 63;

  private static final int MEMORY_TYPE_SHIFT = 61;
  private static final long RESERVED = 0x7fL << 54;
  private static final long RESERVED_IN_POINTERS = NAPOT | MEMORY_TYPE | USER | ACCESSED | DIRTY;
  private static final long NAPOT_PAGES = 0xf;
  private static final long NAPOT_64_KIB = 0x8;
  private static final long NAPOT_SPAN = 0xffff;

  private Pte() {}

  /** Whether an entry is valid and well-formed; without memory types, their bits are reserved. */
  static boolean isSound(long pte, boolean memoryTypes) {
    return (pte & VALID) != 0
        && (pte & (READABLE | WRITABLE)) != WRITABLE
        && (pte & RESERVED) == 0
        && ((pte & MEMORY_TYPE) == 0 || memoryTypes && (pte & MEMORY_TYPE) != MEMORY_TYPE);
  }

  static boolean isLeaf(long pte) {
    return (pte & (READABLE | EXECUTABLE)) != 0;
  }

  static boolean isSoundPointer(long pte) {
    return (pte & RESERVED_IN_POINTERS) == 0;
  }

  static boolean permits(long pte, Access wanted) {
    return (pte & switch (wanted) {
      case READ -> READABLE;
      case WRITE -> WRITABLE;
      case FETCH -> EXECUTABLE;
    }) != 0;
  }

  static int memoryType(long pte) {
    return (int) (pte >>> MEMORY_TYPE_SHIFT) & 3;
  }

  static long page(long pte) {
    return pte >>> 10 & DeviceContext.PPN;
  }

  /** The size less 1 of the block that a leaf maps, or -1 if its page number does not fit that size. */
  static long span(long pte, int level) {
    if ((pte & NAPOT) != 0) {
      return level == 0 && (page(pte) & NAPOT_PAGES) == NAPOT_64_KIB ? NAPOT_SPAN : -1;
    }
    long span = PagingMode.span(level);
    return (page(pte) << 12 & span) == 0 ? span : -1;
  }
}
