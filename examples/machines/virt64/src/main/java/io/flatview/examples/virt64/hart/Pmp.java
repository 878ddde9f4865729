package io.flatview.examples.virt64.hart;

import java.util.Arrays;

/** Physical memory protection: 16 entries with a granularity of 4 bytes. Confined to the hart's thread. */
final class Pmp {

  static final int ENTRIES = 16;

  static final int READ = 1;
  static final int WRITE = 2;
  static final int EXECUTE = 4;

  private static final int LOCKED = 0x80;
  private static final int WRITABLE_BITS = 0x9f;
  private static final int TOR = 1;
  private static final int NA4 = 2;
  private static final int OFF = 0;
  private static final long ADDRESS_BITS = (1L << 54) - 1;
  private static final long PAGE_OFFSET = 0xfff;

  private final int[] config = new int[ENTRIES];
  private final long[] address = new long[ENTRIES];

  /** Ranges that the entries cover, inclusive; empty ones have first above last. */
  private final long[] first = new long[ENTRIES];

  private final long[] last = new long[ENTRIES];
  private int used;

  Pmp() {
    update();
  }

  void reset() {
    Arrays.fill(config, 0);
    Arrays.fill(address, 0);
    update();
  }

  /** @param index 0 or 2: eight entries each */
  long configuration(int index) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value |= (long) config[index * 4 + i] << 8 * i;
    }
    return value;
  }

  void setConfiguration(int index, long value) {
    for (int i = 0; i < 8; i++) {
      setEntry(index * 4 + i, (int) (value >>> 8 * i) & WRITABLE_BITS);
    }
    update();
  }

  /** Writes without reads are reserved; such a write leaves the permissions as they are. */
  private void setEntry(int entry, int value) {
    if ((config[entry] & LOCKED) != 0) {
      return;
    }
    boolean reserved = (value & (READ | WRITE)) == WRITE;
    config[entry] = reserved ? value & ~7 | config[entry] & 7 : value;
  }

  long address(int entry) {
    return address[entry];
  }

  void setAddress(int entry, long value) {
    boolean belowLockedTop = entry + 1 < ENTRIES
        && (config[entry + 1] & LOCKED) != 0
        && matching(entry + 1) == TOR;
    if ((config[entry] & LOCKED) == 0 && !belowLockedTop) {
      address[entry] = value & ADDRESS_BITS;
      update();
    }
  }

  private int matching(int entry) {
    return config[entry] >>> 3 & 3;
  }

  private void update() {
    used = 0;
    for (int i = 0; i < ENTRIES; i++) {
      range(i);
      if (matching(i) != OFF) {
        used = i + 1;
      }
    }
  }

  private void range(int i) {
    long start = address[i] << 2;
    switch (matching(i)) {
      case OFF -> setRange(i, 1, 0);
      case TOR -> setRange(i, i == 0 ? 0 : address[i - 1] << 2, start - 1);
      case NA4 -> setRange(i, start, start + 3);
      default -> {
        long mask = (address[i] ^ address[i] + 1) << 2 | 3;
        setRange(i, start & ~mask, start | mask);
      }
    }
  }

  private void setRange(int i, long from, long to) {
    boolean empty = to == -1 || Long.compareUnsigned(from, to) > 0;
    first[i] = empty ? 1 : from;
    last[i] = empty ? 0 : to;
  }

  /** Whether an access is allowed. It must lie wholly in the entry that holds its first byte. */
  boolean permits(long from, int size, int wanted, int mode) {
    long to = from + size - 1;
    for (int i = 0; i < used; i++) {
      if (Long.compareUnsigned(first[i], to) <= 0 && Long.compareUnsigned(from, last[i]) <= 0) {
        boolean whole = Long.compareUnsigned(first[i], from) <= 0 && Long.compareUnsigned(to, last[i]) <= 0;
        boolean exempt = mode == Mode.MACHINE && (config[i] & LOCKED) == 0;
        return whole && (exempt || (config[i] & wanted) == wanted);
      }
    }
    return mode == Mode.MACHINE;
  }

  /** Whether all bytes of a page are treated alike, so that one answer holds for all. */
  boolean isUniform(long page) {
    long to = page | PAGE_OFFSET;
    for (int i = 0; i < used; i++) {
      if (Long.compareUnsigned(first[i], to) <= 0 && Long.compareUnsigned(page, last[i]) <= 0) {
        return Long.compareUnsigned(first[i], page) <= 0 && Long.compareUnsigned(to, last[i]) <= 0;
      }
    }
    return true;
  }
}
