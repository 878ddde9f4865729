package io.flatview.dispatch.doorbell;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemTxAttrs;
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

    /**
     * Whether a store waits.
     *
     * @param offset where
     * @param size how many bytes
     * @return true if it may, unless a doorbell takes it
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

  /** The device that gets what waited, entered as for any access. */
  @FunctionalInterface
  public interface Taker {

    /**
     * The guest has written.
     *
     * @param offset where
     * @param size how many bytes
     * @param value zero-extended
     * @param attributes what the initiator said of itself
     */
    void deliver(long offset, int size, long value, MemTxAttrs attributes);
  }

  private volatile Rules rules = Rules.NONE;

  /** Made with the first coalesced range, and kept. */
  private volatile CoalescedRing ring;

  /** Whether there are no rules, and never was a store that waited. */
  private volatile boolean open = true;

  /** A gate that takes nothing. */
  public DeviceGate() {}

  /**
   * What the gate takes now. A store asks once and goes by what it got.
   *
   * @return the rules in force
   */
  public Rules rules() {
    return rules;
  }

  /**
   * Replaces what the gate takes. One thread at a time; allocates nothing.
   *
   * @param next from now on, {@linkplain #prepare prepared}
   */
  public void set(Rules next) {
    open = next == Rules.NONE && ring == null;
    rules = next;
  }

  /**
   * Whether the gate takes nothing and keeps nothing.
   *
   * @return true if every access is for the device
   */
  public boolean isOpen() {
    return open;
  }

  /**
   * Makes what rules need, beforehand.
   *
   * @param next rules that may come into force
   */
  public void prepare(Rules next) {
    if (ring == null && !next.coalesced().isEmpty()) {
      ring = new CoalescedRing();
    }
  }

  /**
   * Whether stores wait, and have to reach the device before anything else that concerns it.
   *
   * @return true until the device has taken the last of them
   */
  public boolean isWaiting() {
    CoalescedRing present = ring;
    return present != null && !present.isEmpty();
  }

  /**
   * Has a store wait, which the rules let.
   *
   * @param offset where
   * @param size how many bytes
   * @param value zero-extended
   * @param attributes what the initiator says of itself
   * @return false if too many wait already
   */
  public boolean delay(long offset, int size, long value, MemTxAttrs attributes) {
    return ring.add(offset, size, value, attributes);
  }

  /**
   * Hands the device every store that waits.
   *
   * @param device gets them
   * @param mayWait false for a thread that is in a device: it must not wait for another thread's delivery
   */
  public void flush(Taker device, boolean mayWait) {
    CoalescedRing present = ring;
    if (present != null) {
      present.deliver(device, mayWait);
    }
  }
}
