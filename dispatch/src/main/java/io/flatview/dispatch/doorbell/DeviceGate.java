package io.flatview.dispatch.doorbell;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemTxAttrs;
import java.util.List;

/**
 * The doorbells (ioeventfds) and coalesced stores of one device. It is checked before each access, and may take stores:
 * the device gets a coalesced store later, and one that rings a doorbell not at all.
 *
 * <p>A commit replaces the rules by a volatile store, right before it publishes the generation. A reader that enters a
 * section after the commit returned sees the new rules. They are no part of the generation, so that a doorbell costs no
 * rendering. Since they belong to a register and not to an address, a store may use the new rules although its section
 * sees the old generation.
 */
public final class DeviceGate {

  /**
   * The stores that a gate takes. Immutable.
   *
   * @param doorbells the doorbells, which ring for stores
   * @param coalesced the ranges of offsets whose stores wait
   */
  public record Rules(Doorbells doorbells, List<AddressRange> coalesced) {

    /** The rules that take no store. */
    public static final Rules NONE = new Rules(Doorbells.NONE, List.of());

    /**
     * Whether a store is coalesced.
     *
     * @param offset the offset in the region, unsigned
     * @param size the number of bytes
     * @return true if the store may wait in the ring, unless a doorbell rings for it
     */
    public boolean coalesces(long offset, int size) {
      for (int i = 0; i < coalesced.size(); i++) {
        AddressRange range = coalesced.get(i);
        if (range.contains(offset) && Long.compareUnsigned(size - 1, range.last() - offset) <= 0) {
          return true;
        }
      }
      return false;
    }
  }

  /** Receives coalesced stores for the device, which was entered as for any access. */
  @FunctionalInterface
  public interface Taker {

    /**
     * Delivers a store of the guest.
     *
     * @param offset the offset in the region, unsigned
     * @param size the number of bytes
     * @param value the value, zero-extended
     * @param attributes the attributes of the initiator
     */
    void deliver(long offset, int size, long value, MemTxAttrs attributes);
  }

  private volatile Rules rules = Rules.NONE;

  /** The ring; made with the first coalesced range, and kept. */
  private volatile CoalescedRing ring;

  /** Whether there are no rules and no ring. */
  private volatile boolean open = true;

  /** Makes a gate that takes no store. */
  public DeviceGate() {}

  /**
   * The rules in force. A store reads them once and follows that version.
   *
   * @return the rules in force
   */
  public Rules rules() {
    return rules;
  }

  /**
   * Replaces the rules. One thread at a time; allocates nothing.
   *
   * @param next the rules from now on, which were {@linkplain #prepare prepared}
   */
  public void set(Rules next) {
    open = next == Rules.NONE && ring == null;
    rules = next;
  }

  /**
   * Whether no access needs the gate. Once coalesced ranges were in force this stays false, since the ring is kept.
   *
   * @return true if every access is for the device; false in doubt
   */
  public boolean isOpen() {
    return open;
  }

  /**
   * Allocates what new rules need.
   *
   * @param next the rules that may come into force
   */
  public void prepare(Rules next) {
    if (ring == null && !next.coalesced().isEmpty()) {
      ring = new CoalescedRing();
    }
  }

  /**
   * Whether stores wait, and have to reach the device before any other access to it.
   *
   * @return true until the device has taken the last of them
   */
  public boolean isWaiting() {
    CoalescedRing present = ring;
    return present != null && !present.isEmpty();
  }

  /**
   * Queues a store that the rules coalesce.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes
   * @param value the value, zero-extended
   * @param attributes the attributes of the initiator
   * @return false if too many wait already
   */
  public boolean delay(long offset, int size, long value, MemTxAttrs attributes) {
    return ring.add(offset, size, value, attributes);
  }

  /**
   * Delivers every store that waits, except in a circle of threads that wait for each other.
   *
   * @param device the device that gets them
   * @param mayWait false for a thread that is in a device: it must not wait for another thread's delivery
   */
  public void flush(Taker device, boolean mayWait) {
    CoalescedRing present = ring;
    if (present != null) {
      present.deliver(device, mayWait);
    }
  }
}
