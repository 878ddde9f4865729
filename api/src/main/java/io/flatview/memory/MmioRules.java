package io.flatview.memory;

import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Optional;

/**
 * The accesses that a device implements, and how other accesses are adapted to it: QEMU's {@code MemoryRegionOps}.
 *
 * <p>An access is checked first: by {@link Filter}, then by {@code valid}. A refused access fails with
 * {@link MemTxResult#DECODE_ERROR}, reads as 0, and the device is not called.
 *
 * <p>A valid access is then made of accesses that are {@code implemented}, in ascending order of their offsets:
 *
 * <ul>
 *   <li>each is the largest aligned one that fits the rest: so with the sizes 1 and 4, an access of 2 bytes
 *       is two of 1;
 *   <li>if even the smallest implemented access is too large, a load makes the smallest aligned access around its
 *       bytes, and extracts them;
 *   <li>a store then follows the rule of {@link SmallWrites};
 *   <li>if that access would end beyond the region, the device is not called: {@link MemTxResult#DECODE_ERROR}.
 * </ul>
 *
 * <p>The result has the failures of all pieces. Each byte is at the same address for device and initiator, whatever
 * their byte orders.
 *
 * @param valid the accesses that the device's manual allows
 * @param implemented the accesses that the device's code can serve
 * @param order the byte order of the device's values
 * @param smallWrites the rule for stores that are smaller than any implemented access
 * @param filter is called before each access and may refuse it
 * @param guard the guard of the device; if empty, its region has one that admits several threads at once and rejects
 *     re-entry
 */
public record MmioRules(
    AccessSizes valid, AccessSizes implemented, ByteOrder order, SmallWrites smallWrites, Optional<Filter> filter,
    Optional<DeviceGuard> guard) {

  /** The default rules: every access reaches the device unchanged, and values are little endian. */
  public static final MmioRules DEFAULT = new MmioRules(AccessSizes.ANY, AccessSizes.ANY, ByteOrder.LITTLE_ENDIAN,
      SmallWrites.LANES, Optional.empty(), Optional.empty());

  /** The rule for stores that are smaller than any implemented access. */
  public enum SmallWrites {
    /**
     * The device is called once, with the bytes in their places and zeros around them; {@link MemTx#lanes()} tells
     * which bits are stored. The device is never read.
     */
    LANES,
    /**
     * The device is read first, and written back with the new bytes in their places. For devices that do not look at
     * lanes and whose reads have no side effects.
     */
    MERGE
  }

  /** Refuses accesses before any other rule: for registers that only some initiators may access. */
  @FunctionalInterface
  public interface Filter {

    /**
     * Whether an access is allowed. Runs in the accessing thread, before any lock is taken.
     *
     * @param offset the offset in the region, unsigned
     * @param size the number of bytes
     * @param access the kind of access
     * @param attributes the attributes of the initiator
     * @return false to refuse it
     */
    boolean accepts(long offset, int size, Access access, MemTxAttrs attributes);
  }

  /** Refuses nulls. */
  public MmioRules {
    Objects.requireNonNull(valid, "valid");
    Objects.requireNonNull(implemented, "implemented");
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(smallWrites, "smallWrites");
    Objects.requireNonNull(filter, "filter");
    Objects.requireNonNull(guard, "guard");
  }

  /**
   * The same with other valid accesses.
   *
   * @param sizes the accesses that the manual allows
   * @return a copy of these rules with that change
   */
  public MmioRules withValid(AccessSizes sizes) {
    return new MmioRules(sizes, implemented, order, smallWrites, filter, guard);
  }

  /**
   * The same with other implemented accesses.
   *
   * @param sizes the accesses that the code can serve
   * @return a copy of these rules with that change
   */
  public MmioRules withImplemented(AccessSizes sizes) {
    return new MmioRules(valid, sizes, order, smallWrites, filter, guard);
  }

  /**
   * The same in another byte order.
   *
   * @param deviceOrder the byte order of the device's values
   * @return a copy of these rules with that change
   */
  public MmioRules withOrder(ByteOrder deviceOrder) {
    return new MmioRules(valid, implemented, deviceOrder, smallWrites, filter, guard);
  }

  /**
   * The same with another way for small stores.
   *
   * @param way the rule for small stores
   * @return a copy of these rules with that change
   */
  public MmioRules withSmallWrites(SmallWrites way) {
    return new MmioRules(valid, implemented, order, way, filter, guard);
  }

  /**
   * The same with a filter.
   *
   * @param first is called before each access
   * @return a copy of these rules with that change
   */
  public MmioRules withFilter(Filter first) {
    return new MmioRules(valid, implemented, order, smallWrites, Optional.of(first), guard);
  }

  /**
   * The same with a guard.
   *
   * @param shared the guard, shared by all regions of the device
   * @return a copy of these rules with that change
   */
  public MmioRules withGuard(DeviceGuard shared) {
    return new MmioRules(valid, implemented, order, smallWrites, filter, Optional.of(shared));
  }
}
