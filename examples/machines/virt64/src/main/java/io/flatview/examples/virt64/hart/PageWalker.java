package io.flatview.examples.virt64.hart;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.rcu.ThreadConfined;

/** Walks Sv39 page tables. Sets the accessed and dirty bits itself, atomically. Confined to the hart's thread. */
@ThreadConfined
final class PageWalker {

  static final int VALID = 1;
  static final int READABLE = 2;
  static final int WRITABLE = 4;
  static final int EXECUTABLE = 8;
  static final int USER = 0x10;
  static final int ACCESSED = 0x40;
  static final int DIRTY = 0x80;

  private static final int PAGE_SHIFT = 12;
  private static final int LEVEL_BITS = 9;
  private static final int TOP_LEVEL = 2;
  private static final int ENTRY_BYTES = 8;
  private static final int UNUSED_VIRTUAL_BITS = 25;
  private static final int PPN_SHIFT = 10;
  private static final long PPN = (1L << 44) - 1;

  /** Bits 54 and up belong to extensions that this hart does not have. */
  private static final int RESERVED_SHIFT = 54;

  private final PrivilegedState state;
  private final Pmp pmp;
  private final GuestTrap trap;
  private final AddressSpace space;
  private MapReader reader;

  PageWalker(PrivilegedState state, Pmp pmp, GuestTrap trap, AddressSpace space) {
    this.state = state;
    this.pmp = pmp;
    this.trap = trap;
    this.space = space;
  }

  void attach(MapReader reader) {
    this.reader = reader;
  }

  static long physical(long leaf, long address) {
    return (leaf >>> PPN_SHIFT & PPN) << PAGE_SHIFT | address & (1L << PAGE_SHIFT) - 1;
  }

  /** @return the leaf for the page of 4 KiB that holds the address, checked, with its bits set */
  long walk(long address, Use use, int mode) {
    if (address << UNUSED_VIRTUAL_BITS >> UNUSED_VIRTUAL_BITS != address) {
      throw trap.of(use.pageFault, address);
    }
    while (true) {
      long leaf = descend(address, use, mode);
      if (leaf != 0) {
        return leaf;
      }
    }
  }

  /** @return 0 if another access changed the leaf meanwhile */
  private long descend(long address, Use use, int mode) {
    long table = (state.satp & PPN) << PAGE_SHIFT;
    for (int level = TOP_LEVEL; level >= 0; level--) {
      long index = address >>> PAGE_SHIFT + LEVEL_BITS * level & (1 << LEVEL_BITS) - 1;
      long place = table + index * ENTRY_BYTES;
      long entry = load(place, address, use);
      if ((entry & VALID) == 0 || (entry & (READABLE | WRITABLE)) == WRITABLE || entry >>> RESERVED_SHIFT != 0) {
        break;
      }
      if ((entry & (READABLE | EXECUTABLE)) != 0) {
        return leaf(level, place, entry, address, use, mode);
      }
      if ((entry & (ACCESSED | DIRTY | USER)) != 0) {
        break;
      }
      table = (entry >>> PPN_SHIFT & PPN) << PAGE_SHIFT;
    }
    throw trap.of(use.pageFault, address);
  }

  private long load(long place, long address, Use use) {
    if (!pmp.permits(place, ENTRY_BYTES, Pmp.READ, Mode.SUPERVISOR)) {
      throw trap.of(use.accessFault, address);
    }
    long entry = reader.load(space, place, ENTRY_BYTES);
    if (reader.lastResult() != MemTxResult.OK) {
      throw trap.of(use.accessFault, address);
    }
    return entry;
  }

  private long leaf(int level, long place, long entry, long address, Use use, int mode) {
    long below = (1L << LEVEL_BITS * level) - 1;
    if ((entry >>> PPN_SHIFT & below) != 0) {
      throw trap.of(use.pageFault, address);
    }
    if (!permits(entry, use, mode)) {
      throw trap.of(use.pageFault, address);
    }
    long wanted = entry | ACCESSED | (use.writes() ? DIRTY : 0);
    if (wanted != entry && !replace(place, entry, wanted, address, use)) {
      return 0;
    }
    return wanted | (address >>> PAGE_SHIFT & below) << PPN_SHIFT;
  }

  /** Whether a leaf lets a mode do what it wants. */
  boolean permits(long leaf, Use use, int mode) {
    return grants(leaf, use) && admits(leaf, use, mode);
  }

  private boolean grants(long leaf, Use use) {
    return switch (use) {
      case LOAD -> (leaf & READABLE) != 0 || ((leaf & EXECUTABLE) != 0 && state.has(PrivilegedState.MXR));
      case STORE, ATOMIC -> (leaf & WRITABLE) != 0;
      case FETCH -> (leaf & EXECUTABLE) != 0;
    };
  }

  private boolean admits(long leaf, Use use, int mode) {
    boolean userPage = (leaf & USER) != 0;
    if (mode == Mode.USER) {
      return userPage;
    }
    return !userPage || (use != Use.FETCH && state.has(PrivilegedState.SUM));
  }

  private boolean replace(long place, long entry, long wanted, long address, Use use) {
    if (!pmp.permits(place, ENTRY_BYTES, Pmp.WRITE, Mode.SUPERVISOR)) {
      throw trap.of(use.accessFault, address);
    }
    long before = reader.compareAndExchange(space, place, ENTRY_BYTES, entry, wanted);
    if (!reader.lastResult().isOk()) {
      throw trap.of(use.accessFault, address);
    }
    return before == entry;
  }
}
