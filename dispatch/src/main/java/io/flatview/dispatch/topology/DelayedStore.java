package io.flatview.dispatch.topology;

import io.flatview.memory.MapReader;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;

/**
 * A store that reaches its device after its initiator has gone on: nobody hears of its failure.
 *
 * @param lanes all bytes of the store
 */
record DelayedStore(long lanes) implements MemTx {

  private static final DelayedStore[] BY_BYTES = {
    new DelayedStore(0xffL), new DelayedStore(0xffffL), new DelayedStore(0xffff_ffffL), new DelayedStore(-1)
  };

  static DelayedStore of(int size) {
    return BY_BYTES[Integer.numberOfTrailingZeros(size)];
  }

  @Override
  public MemTxAttrs attributes() {
    return MemTxAttrs.UNSPECIFIED;
  }

  @Override
  public MapReader reader() {
    return null;
  }

  @Override
  public void fail(MemTxResult failure) {}
}
