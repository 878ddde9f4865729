package io.flatview.dispatch.access;

import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import java.util.Objects;

/**
 * The state of a reader's present access: its result so far, and the attributes of its initiator.
 *
 * <p>A device, a translator, a doorbell or a tap may use the very reader that calls it. So the state is saved before a
 * call and {@linkplain #restore restored} after it, also if the call throws. Confined to the reader's thread.
 * References are stored only where they differ, since such stores are expensive under G1.
 */
final class AccessState {

  private MemTxResult result = MemTxResult.OK;
  private MemTxAttrs attributes = MemTxAttrs.UNSPECIFIED;

  /** The result of the present access so far. */
  MemTxResult result() {
    return result;
  }

  /** The attributes of the initiator of the present access. */
  MemTxAttrs attributes() {
    return attributes;
  }

  /** Begins an access. */
  void begin(MemTxAttrs of) {
    restore(MemTxResult.OK, attributes == of ? of : Objects.requireNonNull(of, "attributes"));
  }

  /** Adds a failure to the result. */
  void fail(MemTxResult failure) {
    result = result.or(failure);
  }

  /** Sets the result to OK after a successful access, even if its callback used the reader. */
  void succeed() {
    if (result != MemTxResult.OK) {
      result = MemTxResult.OK;
    }
  }

  /** Restores the state of the surrounding access after a call. */
  void restore(MemTxResult soFar, MemTxAttrs of) {
    if (result != soFar) {
      result = soFar;
    }
    if (attributes != of) {
      attributes = of;
    }
  }
}
