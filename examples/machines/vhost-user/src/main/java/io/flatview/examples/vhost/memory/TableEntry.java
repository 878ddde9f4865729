package io.flatview.examples.vhost.memory;

import io.flatview.examples.vhost.wire.ProtocolException;
import io.flatview.memory.AddressRange;

/**
 * A piece of a guest's memory, as a front end describes it.
 *
 * @param guest where the guest sees it
 * @param frontEnd where the front end has it mapped
 * @param fileOffset where it begins in its file, unsigned
 */
public record TableEntry(AddressRange guest, AddressRange frontEnd, long fileOffset) {

  /**
   * Checks what a front end sent.
   *
   * @param guest the first address for the guest, unsigned
   * @param bytes how many, unsigned
   * @param frontEnd the first address for the front end, unsigned
   * @param fileOffset where it begins in its file, unsigned
   * @return the entry
   * @throws ProtocolException if it is empty, or goes beyond the last address
   */
  public static TableEntry of(long guest, long bytes, long frontEnd, long fileOffset) throws ProtocolException {
    return new TableEntry(range("guest", guest, bytes), range("front-end", frontEnd, bytes), fileOffset);
  }

  private static AddressRange range(String what, long first, long bytes) throws ProtocolException {
    if (bytes <= 0 || Long.compareUnsigned(bytes - 1, -1 - first) > 0) {
      throw new ProtocolException("memory of " + Long.toUnsignedString(bytes) + " bytes at " + what + " address "
          + AddressRange.hex(first));
    }
    return new AddressRange(first, first + (bytes - 1));
  }

  /**
   * How long it is.
   *
   * @return bytes
   */
  public long bytes() {
    return guest.last() - guest.first() + 1;
  }

  boolean overlaps(TableEntry other) {
    return guest.overlaps(other.guest) || frontEnd.overlaps(other.frontEnd);
  }

  boolean isSamePlace(TableEntry other) {
    return guest.equals(other.guest) && frontEnd.equals(other.frontEnd);
  }

  @Override
  public String toString() {
    return "guest " + guest + ", front end " + frontEnd;
  }
}
