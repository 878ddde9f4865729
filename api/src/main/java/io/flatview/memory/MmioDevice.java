package io.flatview.memory;

/**
 * A device's registers, as the guest sees them, with all that is to know of an access. {@link MmioHandler} is the
 * simple form.
 *
 * <p>Both methods run in the accessing thread, inside its read-side section. Whether several threads may be in them at
 * once, and whether the device may be entered again by an access that it makes itself, is for {@link #rules()} to say.
 * They must not wait for a grace period.
 *
 * <p><b>Changing the map.</b> A transaction that begins in a callback is noted down and committed when the access that
 * led here has ended, with no lock of a device held: a guest that moves a BAR meets neither a deadlock nor a map that
 * changes under its access. Its ticket tells of that commit, and fails with the reason if the change is refused then.
 */
public interface MmioDevice {

  /**
   * The guest reads.
   *
   * @param offset where in the region, unsigned
   * @param size how many bytes: 1, 2, 4 or 8 within the rules, or another size that they name as implemented
   * @param tx the access
   * @return the value, in the device's byte order; bits above {@code size} bytes are ignored
   */
  long read(long offset, int size, MemTx tx);

  /**
   * The guest writes.
   *
   * @param offset where in the region, unsigned
   * @param size how many bytes: 1, 2, 4 or 8 within the rules, or another size that they name as implemented
   * @param value the value, in the device's byte order, zero-extended
   * @param tx the access
   */
  void write(long offset, int size, long value, MemTx tx);

  /**
   * What accesses the device takes, and how it is guarded. Asked once, when its region is made.
   *
   * @return by default, every access as it comes, several threads at once, and no re-entry
   */
  default MmioRules rules() {
    return MmioRules.DEFAULT;
  }
}
