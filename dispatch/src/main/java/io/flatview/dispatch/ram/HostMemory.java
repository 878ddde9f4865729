package io.flatview.dispatch.ram;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Accesses memory of this process by address: a load or store of guest RAM is a single instruction. Nothing is checked
 * here. An address comes from {@link RamBlock#address()}, an offset from a section that lies in the block, and the
 * reader's section keeps the block from being released.
 */
public final class HostMemory {

  private static final int UNUSED_BITS = 2;
  private static final MemorySegment ALL = all();
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private HostMemory() {}

  @SuppressWarnings("restricted")
  private static MemorySegment all() {
    return HostMemory.class.getModule().isNativeAccessEnabled()
        ? MemorySegment.NULL.reinterpret(Long.MAX_VALUE)
        : MemorySegment.NULL;
  }

  /** Whether a segment, which no arena closes, may be accessed by address. */
  static boolean reaches(MemorySegment segment) {
    return ALL.byteSize() != 0 && segment.isNative() && !segment.isReadOnly();
  }

  /**
   * Masks an address to 62 bits, which changes no address of a process, but shows the compiler that no bounds check is
   * needed. Four checks that never fail would make the code of a load a tenth longer, and then too long to be inlined.
   */
  private static long bounded(long address) {
    return address << UNUSED_BITS >>> UNUSED_BITS;
  }

  /**
   * Loads a little-endian value of any alignment.
   *
   * @param address the address in this process
   * @param size 1, 2, 4 or 8 bytes
   * @return the value, zero-extended
   * @throws IllegalArgumentException for another size
   */
  public static long get(long address, int size) {
    long at = bounded(address);
    return switch (size) {
      case 1 -> ALL.get(ValueLayout.JAVA_BYTE, at) & 0xffL;
      case 2 -> ALL.get(SHORT, at) & 0xffffL;
      case 4 -> ALL.get(INT, at) & 0xffff_ffffL;
      case 8 -> ALL.get(LONG, at);
      default -> throw noSize(size);
    };
  }

  /**
   * Stores a little-endian value of any alignment.
   *
   * @param address the address in this process
   * @param size 1, 2, 4 or 8 bytes
   * @param value bits above the size are ignored
   * @throws IllegalArgumentException for another size
   */
  public static void set(long address, int size, long value) {
    long at = bounded(address);
    switch (size) {
      case 1 -> ALL.set(ValueLayout.JAVA_BYTE, at, (byte) value);
      case 2 -> ALL.set(SHORT, at, (short) value);
      case 4 -> ALL.set(INT, at, (int) value);
      case 8 -> ALL.set(LONG, at, value);
      default -> throw noSize(size);
    }
  }

  private static IllegalArgumentException noSize(int size) {
    return new IllegalArgumentException("a value of " + size + " bytes in memory; 1, 2, 4 and 8 are possible");
  }
}
