package io.flatview.dispatch.access;

import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.topology.BankNode;
import io.flatview.dispatch.unsigned.Unsigned;
import java.util.Arrays;

/**
 * Finds the leaf of the selected variant of a bank. Confined to its reader's thread.
 *
 * <p>An access that is cut into pieces looks up a leaf for each, and must use one selection of each bank for all
 * pieces. So it {@linkplain #hold keeps} the selections that it has read, and uses them again for later pieces. A
 * device that is called between two pieces makes accesses of its own, which read the selections anew: so the kept
 * selections are on a stack.
 */
final class SelectedBanks {

  /** The result of {@link #hold} if nothing was held. */
  private static final int NOTHING = -1;

  private BankNode[] banks = {};
  private int[] numbers = {};
  private int count;

  /** The index at which the present access's banks begin, or {@link #NOTHING}. */
  private int held = NOTHING;

  /** Begins an access that is cut into pieces; returns the token for {@link #hold} and {@link #end}. */
  int begin() {
    return count;
  }

  /** Uses the selections that an access has kept; returns the token for {@link #goBack}. */
  int hold(int access) {
    int before = held;
    held = access;
    return before;
  }

  /** Restores the selections that were used before. */
  void goBack(int before) {
    held = before;
  }

  /** Ends an access. */
  void end(int access) {
    Arrays.fill(banks, access, count, null);
    count = access;
  }

  /** The leaf at an address, after following all banks; the unassigned one for a hole. */
  PhysSection find(PhysPageMap map, long address) {
    return behind(map.find(address), address);
  }

  /** The leaf at an address after following all banks, given the leaf that the map has there. */
  PhysSection behind(PhysSection leaf, long address) {
    PhysSection found = leaf;
    while (found.table != null) {
      found = found.table.map(selected(found.table.bank())).find(address);
    }
    return found;
  }

  /** The number of bytes of a range, which does not wrap, that lie in the hole at its first address. */
  long inHole(PhysPageMap map, long address, long length) {
    return endOfHole(map, address, address + length - 1) - address + 1;
  }

  /**
   * The end of a hole; in a bank, the bank's edge at the most.
   *
   * @param address an address at which nothing answers, unsigned
   * @param last the highest address that matters, unsigned, not below {@code address}
   */
  long endOfHole(PhysPageMap map, long address, long last) {
    long end = map.endOfHole(address, last);
    boolean beforeBank = Long.compareUnsigned(end + 1, address) <= 0;
    return beforeBank && map.find(address) instanceof PhysSection leaf && leaf.table != null
        ? endOfHole(leaf.table.map(selected(leaf.table.bank())), address, Unsigned.min(last, leaf.last))
        : end;
  }

  private int selected(BankNode bank) {
    if (held == NOTHING) {
      return bank.selected();
    }
    for (int i = held; i < count; i++) {
      if (banks[i] == bank) {
        return numbers[i];
      }
    }
    return hold(bank, bank.selected());
  }

  private int hold(BankNode bank, int number) {
    if (count == banks.length) {
      banks = Arrays.copyOf(banks, 2 * count + 2);
      numbers = Arrays.copyOf(numbers, 2 * count + 2);
    }
    banks[count] = bank;
    numbers[count++] = number;
    return number;
  }
}
