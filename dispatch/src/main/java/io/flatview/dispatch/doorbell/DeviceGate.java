package io.flatview.dispatch.doorbell;

import io.flatview.memory.AddressRange;
import java.util.List;

/**
 * Stands before a device and may take what is meant for it.
 *
 * <p>What it takes is replaced by a commit, right before the generation is published: a volatile store, which a reader
 * that enters a section after the commit returned sees. It is no part of the generation, so that a doorbell costs no
 * rendering; since it belongs to a register and not to an address, it does not matter in which of two generations a
 * store finds it.
 */
public final class DeviceGate {

  /**
   * What a gate takes. Immutable.
   *
   * @param doorbells stores that ring
   * @param coalesced stores that wait, by offset
   */
  public record Rules(Doorbells doorbells, List<AddressRange> coalesced) {

    /** Nothing. */
    public static final Rules NONE = new Rules(Doorbells.NONE, List.of());

    private boolean coalesces(long offset, int size) {
      for (int i = 0; i < coalesced.size(); i++) {
        AddressRange range = coalesced.get(i);
        if (range.contains(offset) && Long.compareUnsigned(size - 1, range.last() - offset) <= 0) {
          return true;
        }
      }
      return false;
    }
  }

  /** The device that gets what waited. */
  @FunctionalInterface
  public interface Taker {

    /**
     * The guest has written.
     *
     * @param offset where
     * @param size how many bytes
     * @param value zero-extended
     */
    void write(long offset, int size, long value);
  }

  private final Taker device;
  private volatile Rules rules = Rules.NONE;

  /** Made with the first coalesced range, and kept. */
  private volatile CoalescedRing ring;

  /**
   * A gate that takes nothing.
   *
   * @param device gets the stores that waited
   */
  public DeviceGate(Taker device) {
    this.device = device;
  }

  /**
   * Replaces what the gate takes. One thread at a time.
   *
   * @param next from now on
   */
  public void set(Rules next) {
    if (ring == null && !next.coalesced().isEmpty()) {
      ring = new CoalescedRing(device);
    }
    rules = next;
  }

  /** Hands the device every write that waits. Before anything else that concerns it. */
  public void flush() {
    CoalescedRing present = ring;
    if (present != null) {
      present.flush();
    }
  }

  /**
   * Takes a store, unless it is for the device.
   *
   * @param offset where
   * @param size how many bytes
   * @param value zero-extended
   * @param mayWait whether the store may wait for the device
   * @return false if the device has to be called; it has then got all that waited
   */
  public boolean takes(long offset, int size, long value, boolean mayWait) {
    Rules present = rules;
    if (present == Rules.NONE && ring == null) {
      return false;
    }
    boolean rings = present.doorbells().matches(offset, size, value);
    if (!rings && mayWait && present.coalesces(offset, size)) {
      ring.add(offset, size, value);
      return true;
    }
    flush();
    return rings && present.doorbells().ring(offset, size, value);
  }
}
