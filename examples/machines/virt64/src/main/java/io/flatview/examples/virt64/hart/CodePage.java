package io.flatview.examples.virt64.hart;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A page of instructions: a copy of its bytes, and what they decode to, filled as they are executed. Confined to the
 * hart's thread.
 */
final class CodePage {

  static final int BYTES = 4096;

  /** Stands for what cannot be kept: every instruction is fetched each time. */
  static final CodePage NONE = new CodePage(-1);

  private static final VarHandle HALF = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  final long[] code = new long[BYTES / 2];

  private final long key;
  private final byte[] bytes = new byte[BYTES];
  private final MemorySegment view = MemorySegment.ofArray(bytes);
  private int checked = -1;

  CodePage(long key) {
    this.key = key;
  }

  boolean is(long key) {
    return this.key == key;
  }

  /** Whether the copy was compared with memory since the last barrier. */
  boolean isFresh(int epoch) {
    return checked == epoch;
  }

  /** Compares the copy with memory, and starts anew if they differ. */
  void refresh(MemorySegment memory, long offset, int epoch) {
    checked = epoch;
    if (MemorySegment.mismatch(memory, offset, offset + BYTES, view, 0, BYTES) >= 0) {
      Arrays.fill(code, 0);
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, bytes, 0, BYTES);
    }
  }

  private int half(int offset) {
    return (short) HALF.get(bytes, offset) & 0xffff;
  }

  /** Whether an instruction lies wholly in this page. */
  boolean holds(int offset) {
    return this != NONE && (offset < BYTES - 2 || !Decoder.isLong(half(offset)));
  }

  /** Decodes an instruction that lies wholly in this page. */
  long decode(int offset) {
    int half = half(offset);
    long instruction =
        Decoder.isLong(half) ? Decoder.decode(half(offset + 2) << 16 | half) : CompressedDecoder.decode(half);
    code[offset >>> 1] = instruction;
    return instruction;
  }
}
