package io.flatview.memory;

/**
 * An access in progress, as the called device sees it. It is valid in the accessing thread until the callback returns;
 * never keep it in a field.
 */
public interface MemTx {

  /**
   * The attributes of the initiator.
   *
   * @return the attributes given with the access
   */
  MemTxAttrs attributes();

  /**
   * The initiator's reader, inside its section: the device can access memory with it, in the same generation. For a
   * coalesced store it is the reader of the access that delivers the store.
   *
   * @return a reader of the calling thread
   */
  MapReader reader();

  /**
   * A mask of the bits of the value that the initiator stores or loads. A store that is smaller than the smallest
   * access that the device implements arrives as an access of that size, with its bytes in their places; see {@link
   * MmioRules.SmallWrites#LANES}.
   *
   * @return a mask of whole bytes
   */
  long lanes();

  /**
   * Reports a failure. The access continues nevertheless: a load returns its value, and the other parts of a transfer
   * are made. The failure of a coalesced store is ignored, since its initiator has continued long since.
   *
   * @param failure usually {@link MemTxResult#ERROR}; added to failures that were reported before
   */
  void fail(MemTxResult failure);
}
