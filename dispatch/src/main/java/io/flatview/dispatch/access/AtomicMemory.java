package io.flatview.dispatch.access;

import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.AtomicOp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Atomic operations on guest memory. Values of 4 and 8 bytes have operations of their own; smaller ones are changed
 * within the 4 bytes around them, of which the others keep their values.
 *
 * <p>Each operation makes a plain read first. If a file behind the memory has become too short, HotSpot throws {@link
 * InternalError} for the failing read, whereas a failing read-modify-write would end the process. So only a file that
 * shrinks between the two instructions can end it.
 */
final class AtomicMemory {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS = INT.varHandle();
  private static final VarHandle LONGS = LONG.varHandle();
  private static final int WORD = Integer.BYTES;

  private AtomicMemory() {}

  /**
   * Whether a value can be changed atomically; false if the memory is on the heap, or ends within the aligned 4 bytes
   * around a smaller value.
   */
  static boolean isPossible(RamBlock memory, long offset, int size) {
    MemorySegment segment = memory.segment();
    long word = size < WORD ? wordOf(segment, offset) : offset;
    return (segment.address() + offset & size - 1) == 0
        && segment.isNative()
        && word >= 0
        && word <= segment.byteSize() - Math.max(size, WORD);
  }

  /** The offset of the aligned 4 bytes around an offset; the segment itself may have any address. */
  private static long wordOf(MemorySegment segment, long offset) {
    return offset - (segment.address() + offset & WORD - 1);
  }

  static long compareAndExchange(RamBlock memory, long offset, int size, long expected, long value) {
    MemorySegment segment = memory.segment();
    return switch (size) {
      case Long.BYTES -> exchange(segment, offset, expected, value);
      case WORD -> exchange(segment, offset, (int) expected, (int) value) & LittleEndian.mask(WORD);
      case Byte.BYTES, Short.BYTES ->
          exchangePart(segment, offset, size, expected & LittleEndian.mask(size), value);
      default -> throw LittleEndian.noSize(size);
    };
  }

  private static long exchange(MemorySegment segment, long offset, long expected, long value) {
    long seen = (long) LONGS.getVolatile(segment, offset);
    return seen == expected ? (long) LONGS.compareAndExchange(segment, offset, expected, value) : seen;
  }

  private static int exchange(MemorySegment segment, long offset, int expected, int value) {
    int seen = (int) INTS.getVolatile(segment, offset);
    return seen == expected ? (int) INTS.compareAndExchange(segment, offset, expected, value) : seen;
  }

  private static long exchangePart(MemorySegment segment, long offset, int size, long expected, long value) {
    long word = wordOf(segment, offset);
    int shift = Byte.SIZE * (int) (offset - word);
    int mask = (int) (LittleEndian.mask(size) << shift);
    while (true) {
      int seen = (int) INTS.getVolatile(segment, word);
      long old = (seen & mask) >>> shift;
      if (old != expected) {
        return old;
      }
      if (INTS.compareAndSet(segment, word, seen, seen & ~mask | (int) (value << shift) & mask)) {
        return old;
      }
    }
  }

  static long fetchAndOp(RamBlock memory, long offset, int size, AtomicOp op, long operand) {
    long old = LittleEndian.get(memory.segment(), offset, size);
    while (true) {
      long seen = compareAndExchange(memory, offset, size, old, op.apply(old, operand, size));
      if (seen == old) {
        return old;
      }
      old = seen;
    }
  }
}
