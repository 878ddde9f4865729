package io.flatview.memory;

/**
 * An access in progress, as the device that is called sees it. Valid until the callback returns; owned by the accessing
 * thread. Never keep one in a field.
 */
public interface MemTx {

  /**
   * What the initiator says of itself.
   *
   * @return the attributes given with the access
   */
  MemTxAttrs attributes();

  /**
   * The initiator's reader, inside its section: what the device reads with it is of the generation in which it was
   * found. For a coalesced store that waited, the reader of whoever had it delivered, since its initiator has gone on.
   *
   * @return the reader
   */
  MapReader reader();

  /**
   * Which bits of a value are meant. A store that is smaller than the smallest access the device implements arrives as
   * one of that size, with its bytes where they belong; see {@link MmioRules.SmallWrites#LANES}.
   *
   * @return a mask of whole bytes; for a load, those that the initiator gets to see
   */
  long lanes();

  /**
   * Reports a failure. The access goes on: the value of a load is still delivered, and other parts of a long transfer
   * are made. Nobody hears of the failure of a coalesced store that waited.
   *
   * @param failure usually {@link MemTxResult#ERROR}; joins what was reported before
   */
  void fail(MemTxResult failure);
}
