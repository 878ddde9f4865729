package io.flatview.dispatch.access;

import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.topology.BankNode;
import io.flatview.dispatch.unsigned.Unsigned;
import java.util.Arrays;

/**
 * Leads from a bank to the variant that it selects. Confined to its reader's thread.
 *
 * <p>An access that is cut into pieces finds a leaf for each, and must not meet two selections of one bank. So it
 * {@linkplain #hold holds} the selections of the banks on its way while it looks up a piece, from the first piece on. A
 * device that is called between two pieces makes accesses of its own, which meet the selections of their time: so held
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

  /** Holds an access's selections; returns the token for {@link #goBack}. */
  int hold(int access) {
    int before = held;
    held = access;
    return before;
  }

  /** Restores the selections that were held before. */
  void goBack(int before) {
    held = before;
  }

  /** Ends an access. */
  void end(int access) {
    Arrays.fill(banks, access, count, null);
    count = access;
  }

  /** The leaf at an address, behind all banks; the unassigned one for a hole. */
  PhysSection find(PhysPageMap map, long address) {
    return behind(map.find(address), address);
  }

  /** The leaf behind the banks at an address, given the leaf that the map has there. */
  PhysSection behind(PhysSection leaf, long address) {
    PhysSection found = leaf;
    while (found.table != null) {
      found = found.table.map(selected(found.table.bank())).find(address);
    }
    return found;
  }

  /** The number of bytes of a length, which does not wrap, that lie in the hole at an address. */
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
