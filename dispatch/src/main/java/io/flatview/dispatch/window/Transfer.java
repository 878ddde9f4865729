package io.flatview.dispatch.window;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Moves a run of bytes to or from a device in the largest aligned accesses. */
final class Transfer {

  private Transfer() {}

  static MemTxResult load(MapReader reader, AddressSpace space, long address, MemorySegment into) {
    MemTxResult result = MemTxResult.OK;
    for (long done = 0; done < into.byteSize();) {
      int size = size(address + done, into.byteSize() - done);
      put(into, done, size, reader.load(space, address + done, size));
      result = result.or(reader.lastResult());
      done += size;
    }
    return result;
  }

  static MemTxResult store(MapReader reader, AddressSpace space, long address, MemorySegment from) {
    MemTxResult result = MemTxResult.OK;
    for (long done = 0; done < from.byteSize();) {
      int size = size(address + done, from.byteSize() - done);
      result = result.or(reader.store(space, address + done, size, get(from, done, size)));
      done += size;
    }
    return result;
  }

  private static int size(long address, long left) {
    return (int) Math.min(Long.lowestOneBit(address | 8), Long.highestOneBit(Math.min(left, 8)));
  }

  private static void put(MemorySegment into, long at, int size, long value) {
    for (int i = 0; i < size; i++) {
      into.set(ValueLayout.JAVA_BYTE, at + i, (byte) (value >>> 8 * i));
    }
  }

  private static long get(MemorySegment from, long at, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (from.get(ValueLayout.JAVA_BYTE, at + i) & 0xffL) << 8 * i;
    }
    return value;
  }
}
