package io.flatview.dispatch.access;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Loads and stores little-endian values of 1, 2, 4 and 8 bytes in guest memory, of any alignment. */
final class LittleEndian {

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  static long get(MemorySegment memory, long offset, int size) {
    return switch (size) {
      case 1 -> memory.get(ValueLayout.JAVA_BYTE, offset) & 0xffL;
      case 2 -> memory.get(SHORT, offset) & 0xffffL;
      case 4 -> memory.get(INT, offset) & 0xffff_ffffL;
      case 8 -> memory.get(LONG, offset);
      default -> throw noSize(size);
    };
  }

  static void set(MemorySegment memory, long offset, int size, long value) {
    switch (size) {
      case 1 -> memory.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
      case 2 -> memory.set(SHORT, offset, (short) value);
      case 4 -> memory.set(INT, offset, (int) value);
      case 8 -> memory.set(LONG, offset, value);
      default -> throw noSize(size);
    }
  }

  static IllegalArgumentException noSize(int size) {
    return new IllegalArgumentException("a value of " + size + " bytes in memory; 1, 2, 4 and 8 are possible");
  }

  /** Puts the lowest bytes of a value into a buffer, in ascending order. */
  static void put(MemorySegment buffer, long at, int size, long value) {
    for (int i = 0; i < size; i++) {
      buffer.set(ValueLayout.JAVA_BYTE, at + i, (byte) (value >>> (Byte.SIZE * i)));
    }
  }

  /** Takes bytes from a buffer, the lowest first. */
  static long take(MemorySegment buffer, long at, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (buffer.get(ValueLayout.JAVA_BYTE, at + i) & 0xffL) << (Byte.SIZE * i);
    }
    return value;
  }

  static long mask(int size) {
    return -1L >>> (64 - 8 * size);
  }

  /** The bytes of a value in reverse order. */
  static long reversed(long value, int size) {
    return Long.reverseBytes(value) >>> (Long.SIZE - Byte.SIZE * size);
  }
}
