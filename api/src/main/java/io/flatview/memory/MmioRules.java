package io.flatview.memory;

import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Optional;

/**
 * What accesses a device takes, and what becomes of the others. QEMU's {@code MemoryRegionOps}, but for what that
 * leaves undone.
 *
 * <p>An access is checked first: by {@link Filter}, then by {@code valid}. What is refused fails with
 * {@link MemTxResult#DECODE_ERROR}, reads as 0, and the device is not called.
 *
 * <p>What is valid is then made with accesses that are {@code implemented}, in ascending order of their offsets:
 *
 * <ul>
 *   <li>each is the largest that fits what is left and is aligned there: so of the sizes 1 and 4, an access of 2 bytes
 *       is two of 1;
 *   <li>where none is small enough, a load fetches the smallest aligned access around its bytes, which are taken out;
 *   <li>a store goes the way of {@link SmallWrites} there;
 *   <li>where that access would end beyond the region, the device is not called: {@link MemTxResult#DECODE_ERROR}.
 * </ul>
 *
 * <p>Failures of the pieces join. The bytes keep their places, whatever the byte orders of the device and the initiator
 * are.
 *
 * @param valid accesses that the device's manual allows
 * @param implemented accesses that the device's code can serve
 * @param order which byte of the device's values has the lowest address
 * @param smallWrites what becomes of stores that are smaller than any that is implemented
 * @param filter has the first word on each access
 * @param guard of the device; if empty, its region has one that lets threads in at once and rejects re-entry
 */
public record MmioRules(
    AccessSizes valid, AccessSizes implemented, ByteOrder order, SmallWrites smallWrites, Optional<Filter> filter,
    Optional<DeviceGuard> guard) {

  /** Every access as it comes, little endian. */
  public static final MmioRules DEFAULT = new MmioRules(AccessSizes.ANY, AccessSizes.ANY, ByteOrder.LITTLE_ENDIAN,
      SmallWrites.LANES, Optional.empty(), Optional.empty());

  /** What becomes of a store that is smaller than any that the device implements. */
  public enum SmallWrites {
    /**
     * The device is called once, with the bytes in their places and zeros around them; {@link MemTx#lanes()} tells
     * which are meant. The device is never read.
     */
    LANES,
    /**
     * The device is read first, and written back with the new bytes in their places. For devices that do not look at
     * lanes and whose reads have no side effects.
     */
    MERGE
  }

  /** Has the first word on an access, as registers have that only some initiators may touch. */
  @FunctionalInterface
  public interface Filter {

    /**
     * Decides. Runs in the accessing thread, before any lock is taken.
     *
     * @param offset where in the region, unsigned
     * @param size in bytes
     * @param access what the initiator wants
     * @param attributes what it says of itself
     * @return false to refuse
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
   * @param sizes what the manual allows
   * @return new rules
   */
  public MmioRules withValid(AccessSizes sizes) {
    return new MmioRules(sizes, implemented, order, smallWrites, filter, guard);
  }

  /**
   * The same with other implemented accesses.
   *
   * @param sizes what the code can serve
   * @return new rules
   */
  public MmioRules withImplemented(AccessSizes sizes) {
    return new MmioRules(valid, sizes, order, smallWrites, filter, guard);
  }

  /**
   * The same in another byte order.
   *
   * @param deviceOrder of the device's values
   * @return new rules
   */
  public MmioRules withOrder(ByteOrder deviceOrder) {
    return new MmioRules(valid, implemented, deviceOrder, smallWrites, filter, guard);
  }

  /**
   * The same with another way for small stores.
   *
   * @param way theirs
   * @return new rules
   */
  public MmioRules withSmallWrites(SmallWrites way) {
    return new MmioRules(valid, implemented, order, way, filter, guard);
  }

  /**
   * The same with a filter.
   *
   * @param first has the first word
   * @return new rules
   */
  public MmioRules withFilter(Filter first) {
    return new MmioRules(valid, implemented, order, smallWrites, Optional.of(first), guard);
  }

  /**
   * The same with a guard.
   *
   * @param shared by all regions of the device
   * @return new rules
   */
  public MmioRules withGuard(DeviceGuard shared) {
    return new MmioRules(valid, implemented, order, smallWrites, filter, Optional.of(shared));
  }
}
