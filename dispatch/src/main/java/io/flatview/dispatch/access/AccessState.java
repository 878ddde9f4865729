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
 *
 * <p>A thread's own reader is reachable only while it is used, and its thread asks the next one for the last result. So
 * a result other than the one before is also noted as a number, which the thread keeps.
 */
final class AccessState {

  private static final MemTxResult[] FAILURES = {
    MemTxResult.ERROR, MemTxResult.DECODE_ERROR, MemTxResult.ACCESS_ERROR, MemTxResult.STOPPED
  };

  private final int[] kept;
  private MemTxResult result;
  private MemTxAttrs attributes = MemTxAttrs.UNSPECIFIED;

  /** A state with the last result of an earlier one; {@code kept} has a bit for each of its failures. */
  AccessState(int[] kept) {
    this.kept = kept;
    this.result = resultOf(kept[0]);
  }

  private static MemTxResult resultOf(int bits) {
    MemTxResult result = MemTxResult.OK;
    for (int i = 0; i < FAILURES.length; i++) {
      result = (bits >>> i & 1) != 0 ? result.or(FAILURES[i]) : result;
    }
    return result;
  }

  private static int bitsOf(MemTxResult result) {
    int bits = 0;
    for (int i = 0; i < FAILURES.length && result != MemTxResult.OK; i++) {
      bits |= result.has(FAILURES[i]) ? 1 << i : 0;
    }
    return bits;
  }

  private void change(MemTxResult now) {
    result = now;
    kept[0] = bitsOf(now);
  }

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
    change(result.or(failure));
  }

  /** Sets the result to OK after a successful access, even if its callback used the reader. */
  void succeed() {
    if (result != MemTxResult.OK) {
      change(MemTxResult.OK);
    }
  }

  /** Restores the state of the surrounding access after a call. */
  void restore(MemTxResult soFar, MemTxAttrs of) {
    if (result != soFar) {
      change(soFar);
    }
    if (attributes != of) {
      attributes = of;
    }
  }
}
