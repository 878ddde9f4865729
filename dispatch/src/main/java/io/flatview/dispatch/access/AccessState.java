package io.flatview.dispatch.access;

import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;

/**
 * What a reader's present access knows: how it went so far, and what its initiator says of itself.
 *
 * <p>A device, a translator, a doorbell or a tap may use the very reader that calls it. So what the access knows is
 * taken before a call and {@linkplain #restore restored} after it, whatever the call throws. Confined to the reader's
 * thread. References are stored only where they differ.
 */
final class AccessState {

  private MemTxResult result = MemTxResult.OK;
  private MemTxAttrs attributes = MemTxAttrs.UNSPECIFIED;

  /** How the present access went so far. */
  MemTxResult result() {
    return result;
  }

  /** What the initiator of the present access says of itself. */
  MemTxAttrs attributes() {
    return attributes;
  }

  /** Begins an access. */
  void begin(MemTxAttrs of) {
    restore(MemTxResult.OK, of);
  }

  /** Joins a failure to what is known. */
  void fail(MemTxResult failure) {
    result = result.or(failure);
  }

  /** After an access that went well, whatever its callback did with the reader. */
  void succeed() {
    if (result != MemTxResult.OK) {
      result = MemTxResult.OK;
    }
  }

  /** After a call: what the access around it knew before. */
  void restore(MemTxResult soFar, MemTxAttrs of) {
    if (result != soFar) {
      result = soFar;
    }
    if (attributes != of) {
      attributes = of;
    }
  }
}
