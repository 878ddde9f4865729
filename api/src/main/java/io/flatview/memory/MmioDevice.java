package io.flatview.memory;

/**
 * A device's registers, as the guest sees them, called with all properties of an access. {@link MmioHandler} is the
 * simple form.
 *
 * <p>Both methods run in the accessing thread, inside its read-side section. {@link #rules()} decide whether several
 * threads may be in them at once, and whether an access of the device itself may re-enter it. Both methods must not
 * wait for a grace period.
 *
 * <p><b>Changing the map.</b> A transaction that begins in a callback is recorded, and committed when the access that
 * led to the callback has ended, with no lock of a device held: so a guest that moves a BAR causes no deadlock, and the
 * map does not change during its access. Its ticket is that of this later commit, and fails with the reason if the
 * change is refused then.
 */
public interface MmioDevice {

  /**
   * The guest reads.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes: 1, 2, 4 or 8 within the rules, or another size that they name as implemented
   * @param tx the access in progress; valid only during the call
   * @return the value, in the device's byte order; bits above {@code size} bytes are ignored
   */
  long read(long offset, int size, MemTx tx);

  /**
   * The guest writes.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes: 1, 2, 4 or 8 within the rules, or another size that they name as implemented
   * @param value the value, in the device's byte order, zero-extended
   * @param tx the access in progress; valid only during the call
   */
  void write(long offset, int size, long value, MemTx tx);

  /**
   * The accesses that the device takes, and its guard. Called once, when its region is made.
   *
   * @return by default, every access is passed on unchanged, by several threads at once, and re-entry is rejected
   */
  default MmioRules rules() {
    return MmioRules.DEFAULT;
  }
}
