package io.flatview.iommu;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.rcu.Checked;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The entries of an {@link Iotlb}: sets of two, in one array of words, without an object for each entry.
 *
 * <table>
 * <caption>The words of an entry</caption>
 * <tr><th>word</th><th>content</th><th>read</th><th>written</th></tr>
 * <tr><td>0</td><td>version; odd during a write</td><td>acquire, then opaque</td>
 * <td>compare-and-set, then release</td></tr>
 * <tr><td>1</td><td>page, the counter it uses, log2 of the block's size, permissions</td><td>opaque</td>
 * <td>opaque</td></tr>
 * <tr><td>2</td><td>source, index, domain's counter</td><td>opaque</td><td>opaque</td></tr>
 * <tr><td>3</td><td>translated address of the block</td><td>opaque</td><td>opaque</td></tr>
 * <tr><td>4</td><td>the sum of the counters</td><td>opaque</td><td>opaque</td></tr>
 * </table>
 *
 * <p>This is a sequence lock for each entry. The acquire load of the version comes before the loads of the words, and
 * the acquire fence after them before the second load of the version; they pair with the release fence after the
 * compare-and-set and with the release store at the end. Together they forbid that words of two fills are taken for one
 * entry. A writer that meets another gives up, since a lost entry only costs a miss.
 */
final class IotlbTable {

  /** The number of entries with which an IOTLB starts, unless its limit is lower. */
  static final int SMALL = 1024;

  private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int WORDS = 5;
  private static final long POISON = -1;

  private static final int SIZE_SHIFT = 3;
  private static final int SIZE_BITS = 0x3f;
  private static final int KIND_SHIFT = 9;
  private static final int KIND_BITS = 3;

  /** The bits of {@link Access} in word 1, at the same place. */
  private static final int PERMISSIONS = (1 << SIZE_SHIFT) - 1;

  private static final int KEY_SHIFT = 8;

  private final long[] words;
  private final int slots;
  private final int hashShift;

  /** The number of fills that pushed out a valid entry. Racy on purpose, since it only decides when to grow. */
  private int evictions;

  IotlbTable(int slots) {
    this.slots = slots;
    this.words = new long[slots * WORDS];
    this.hashShift = 64 - Integer.numberOfTrailingZeros(slots);
  }

  static long key(int source, int index) {
    return ((long) source << 24 | index) << KEY_SHIFT;
  }

  private static int kindOf(long tag) {
    return (int) tag >>> KIND_SHIFT & KIND_BITS;
  }

  private static int sourceOf(long owner) {
    return (int) (owner >>> 24 + KEY_SHIFT);
  }

  int slots() {
    return slots;
  }

  /** Consecutive pages spread evenly over the table: the multiplier is 2^64 divided by the golden ratio. */
  private int slot(long key, long address) {
    return (int) (((address >>> 12) + key * 0x632b_e59b_d9b4_e019L) * 0x9e37_79b9_7f4a_7c15L >>> hashShift);
  }

  boolean lookup(
      IotlbStamps stamps, long key, long address, Access access, AddressSpace target, IommuTlbEntry entry) {
    long[] all = words;
    int slot = slot(key, address);
    return hit(all, slot * WORDS, stamps, key, address, access, target, entry)
        || hit(all, (slot ^ 1) * WORDS, stamps, key, address, access, target, entry);
  }

  private static boolean hit(
      long[] words, int base, IotlbStamps stamps, long key, long address, Access access, AddressSpace target,
      IommuTlbEntry entry) {
    long version = (long) LONG.getAcquire(words, base);
    long tag = (long) LONG.getOpaque(words, base + 1);
    long owner = (long) LONG.getOpaque(words, base + 2);
    if ((tag ^ address) >>> 12 != 0 || (owner ^ key) >>> KEY_SHIFT != 0 || !permits(tag, access)) {
      return false;
    }
    long translated = (long) LONG.getOpaque(words, base + 3);
    long sum = (long) LONG.getOpaque(words, base + 4);
    VarHandle.acquireFence();
    if (!isWhole(version, (long) LONG.getOpaque(words, base))
        || stamps.sum(sourceOf(owner), (int) owner & 0xff, address, kindOf(tag)) != sum) {
      return false;
    }
    long mask = (1L << (tag >>> SIZE_SHIFT & SIZE_BITS)) - 1;
    entry.grant(target, translated, mask, (int) tag);
    return true;
  }

  private static boolean permits(long tag, Access access) {
    return (tag & access.bit()) != 0;
  }

  private static boolean isWhole(long before, long after) {
    if (Checked.ON && after == POISON) {
      throw new IllegalStateException(
          "an IOTLB's table is used after its grace period; the reclamation policy did not wait for a reader");
    }
    return before == after && (before & 1) == 0;
  }

  /** Writes an entry; true if the table has become crowded. */
  boolean fill(
      IotlbStamps stamps, Iotlb.Miss miss, long translatedAddress, long mask, int kind, int permissions) {
    int slot = slot(miss.key, miss.address);
    int other = slot ^ 1;
    boolean crowded = false;
    if (!holdsSame(slot, miss) && (holdsSame(other, miss) || !isValid(other, stamps) && isValid(slot, stamps))) {
      slot = other;
    } else if (!holdsSame(slot, miss) && isValid(slot, stamps)) {
      crowded = ++evictions == slots / 2;
      slot = (evictions & 1) == 0 ? slot : other;
    }
    long tag = miss.address & ~IotlbStamps.PAGE_MASK
        | (long) kind << KIND_SHIFT | (long) Long.bitCount(mask) << SIZE_SHIFT | permissions & PERMISSIONS;
    write(slot * WORDS, tag, miss.key | miss.domain, translatedAddress & ~mask, miss.sum(kind));
    return crowded;
  }

  private boolean holdsSame(int slot, Iotlb.Miss miss) {
    long tag = (long) LONG.getOpaque(words, slot * WORDS + 1);
    long owner = (long) LONG.getOpaque(words, slot * WORDS + 2);
    return (tag ^ miss.address) >>> 12 == 0 && (owner ^ miss.key) >>> KEY_SHIFT == 0;
  }

  /**
   * Whether an entry looks valid. A guess, as its words may be of two fills; good enough to choose the entry to push
   * out.
   */
  private boolean isValid(int slot, IotlbStamps stamps) {
    int base = slot * WORDS;
    long tag = (long) LONG.getOpaque(words, base + 1);
    long owner = (long) LONG.getOpaque(words, base + 2);
    return (tag & PERMISSIONS) != 0
        && stamps.sum(sourceOf(owner), (int) owner & 0xff, tag, kindOf(tag)) == (long) LONG.getOpaque(words, base + 4);
  }

  private void write(int base, long tag, long owner, long translated, long sum) {
    long version = (long) LONG.getOpaque(words, base);
    if ((version & 1) != 0 || !LONG.compareAndSet(words, base, version, version + 1)) {
      return;
    }
    VarHandle.releaseFence();
    LONG.setOpaque(words, base + 1, tag);
    LONG.setOpaque(words, base + 2, owner);
    LONG.setOpaque(words, base + 3, translated);
    LONG.setOpaque(words, base + 4, sum);
    LONG.setRelease(words, base, version + 2);
  }

  /** Called when no reader can use this table any more. */
  void reclaimed() {
    if (Checked.ON) {
      for (int slot = 0; slot < slots; slot++) {
        LONG.setOpaque(words, slot * WORDS, POISON);
      }
    }
  }
}
