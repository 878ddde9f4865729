package io.flatview.examples.virt64.hart;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ThreadConfined;
import java.util.Arrays;

/**
 * From a hart's addresses to those of its bus: page tables and protection. Keeps leaves of page tables, which no change
 * of the map invalidates; the guest says when ({@code sfence.vma}, {@code satp}). Confined to the hart's thread.
 */
@ThreadConfined
final class GuestTranslation {

  private static final int PAGE_SHIFT = 12;
  private static final long PAGE = -1L << PAGE_SHIFT;
  private static final int SETS = 1024;
  private static final long EMPTY = -1;

  private final PrivilegedState state;
  private final Pmp pmp;
  private final GuestTrap trap;
  private final PageWalker walker;
  private final long[] tags = new long[SETS];
  private final long[] leaves = new long[SETS];

  GuestTranslation(PrivilegedState state, Pmp pmp, GuestTrap trap, AddressSpace space) {
    this.state = state;
    this.pmp = pmp;
    this.trap = trap;
    walker = new PageWalker(state, pmp, trap, space);
  }

  void attach(MapReader reader) {
    walker.attach(reader);
  }

  void flush() {
    Arrays.fill(tags, EMPTY);
  }

  /** Translates and checks; throws the trap if the hart may not. */
  long reach(long address, int size, Use use, int mode) {
    boolean translated = mode != Mode.MACHINE && state.satp < 0;
    long physical = translated ? PageWalker.physical(leaf(address, use, mode), address) : address;
    if (!pmp.permits(physical, size, use.pmp, mode)) {
      throw trap.of(use.accessFault, address);
    }
    return physical;
  }

  /** A leaf that is known and does not do is looked up again: one that grants more than before needs no fence. */
  private long leaf(long address, Use use, int mode) {
    int set = (int) (address >>> PAGE_SHIFT) & SETS - 1;
    long known = tags[set] == (address & PAGE) ? leaves[set] : 0;
    if (known != 0 && (!use.writes() || (known & PageWalker.DIRTY) != 0) && walker.permits(known, use, mode)) {
      return known;
    }
    long walked = walker.walk(address, use, mode);
    tags[set] = address & PAGE;
    leaves[set] = walked;
    return walked;
  }
}
