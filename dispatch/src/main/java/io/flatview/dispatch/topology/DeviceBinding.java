package io.flatview.dispatch.topology;

import io.flatview.memory.Access;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressRange;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import java.nio.ByteOrder;
import java.util.Objects;

/** A device in a region: its rules as they were when the region was made, and what an access needs of them. */
public final class DeviceBinding {

  /** The device. */
  public final MmioDevice handler;

  /** What guards it. */
  public final DeviceGuard guard;

  /** What is implemented. */
  public final AccessSizes implemented;

  /** Whether its values are big endian. */
  public final boolean bigEndian;

  /** Whether small stores read first. */
  public final boolean merges;

  /** Whether every valid access goes to the device as it comes. */
  public final boolean direct;

  /** Whether the guard's lock is held around each access. */
  public final boolean locks;

  /** Whether the device may be entered again. */
  public final boolean reenters;

  private final String region;
  private final MmioRules rules;
  private final boolean admitsAll;

  DeviceBinding(String region, MmioDevice handler) {
    this.region = region;
    this.handler = handler;
    this.rules = Objects.requireNonNull(handler.rules(), () -> "rules of the device of region '" + region + "'");
    this.guard = rules.guard().orElseGet(() -> new DeviceGuard(region, Locking.OWN, Reentrancy.REJECT));
    this.implemented = rules.implemented();
    this.bigEndian = rules.order() == ByteOrder.BIG_ENDIAN;
    this.merges = rules.smallWrites() == MmioRules.SmallWrites.MERGE;
    this.direct = implemented.equals(AccessSizes.ANY) && !bigEndian;
    this.admitsAll = rules.valid().equals(AccessSizes.ANY) && rules.filter().isEmpty();
    this.locks = guard.locking() == Locking.DEVICE;
    this.reenters = guard.reentrancy() == Reentrancy.ALLOW;
  }

  /**
   * Whether an access is valid.
   *
   * @param offset where in the region, unsigned
   * @param size in bytes
   * @param access what the initiator wants
   * @param attributes what it says of itself
   * @return false to refuse
   */
  public boolean admits(long offset, int size, Access access, MemTxAttrs attributes) {
    return admitsAll || isValid(offset, size, access, attributes);
  }

  private boolean isValid(long offset, int size, Access access, MemTxAttrs attributes) {
    return (rules.filter().isEmpty() || rules.filter().get().accepts(offset, size, access, attributes))
        && rules.valid().allow(offset, size);
  }

  /**
   * The largest valid access that a long transfer makes next, aligned.
   *
   * @param offset where in the region, unsigned
   * @param left how many bytes are left, at least 1
   * @return its size
   */
  public int step(long offset, long left) {
    long aligned = offset == 0 ? rules.valid().max() : Long.lowestOneBit(offset);
    long most = Math.min(rules.valid().max(), Long.highestOneBit(left));
    return (int) (Long.compareUnsigned(aligned, most) < 0 ? aligned : most);
  }

  /**
   * Whether two are of one device.
   *
   * @param other the other
   * @return true if they share a handler or a guard
   */
  public boolean isSameDevice(DeviceBinding other) {
    return handler == other.handler || guard == other.guard;
  }

  /**
   * An offset in messages.
   *
   * @param offset unsigned
   * @return the region and the offset
   */
  public String at(long offset) {
    return "region '" + region + "' of " + guard + " at offset " + AddressRange.hex(offset);
  }

  @Override
  public String toString() {
    return "region '" + region + "' of " + guard;
  }
}
