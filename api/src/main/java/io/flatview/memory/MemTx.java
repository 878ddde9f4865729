package io.flatview.memory;

/**
 * An access in progress, as the called device sees it. Valid until the callback returns; owned by the accessing
 * thread. Never keep one in a field.
 */
public interface MemTx {

  /**
   * The attributes of the initiator.
   *
   * @return the attributes given with the access
   */
  MemTxAttrs attributes();

  /**
   * The initiator's reader, inside its section: the device reads with it in the generation in which it was found. For a
   * coalesced store that waited, the reader of the access that delivers it, since its initiator has gone on.
   *
   * @return a reader of the calling thread
   */
  MapReader reader();

  /**
   * The bits of the value that count. A store that is smaller than the smallest access the device implements arrives as
   * one of that size, with its bytes where they belong; see {@link MmioRules.SmallWrites#LANES}.
   *
   * @return a mask of whole bytes; for a load, those that the initiator gets
   */
  long lanes();

  /**
   * Reports a failure. The access goes on: the value of a load is still delivered, and other parts of a long transfer
   * are made. The failure of a coalesced store that waited is dropped.
   *
   * @param failure usually {@link MemTxResult#ERROR}; joins what was reported before
   */
  void fail(MemTxResult failure);
}
