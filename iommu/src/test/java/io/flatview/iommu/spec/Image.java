package io.flatview.iommu.spec;

import java.util.ArrayList;
import java.util.List;

/**
 * Memory as the walker sees it: words at physical addresses, in RAM, in ROM, or nowhere. The same RAM is at a second
 * place that addresses of 32 bits do not reach.
 */
final class Image {

  static final long RAM = 0x10_0000;
  static final int RAM_FRAMES = 96;
  static final long ROM = 0x1000_0000L;
  static final int ROM_FRAMES = 4;

  /** The distance of the second place from the first. */
  static final long FAR = 1L << 40;

  /** A word and what it was. */
  private record Change(long[] words, int at, long before) {}

  private final long[] ram = new long[RAM_FRAMES * 512];
  private final long[] rom = new long[ROM_FRAMES * 512];
  private final List<Change> changes = new ArrayList<>();

  private static boolean isIn(long address, long base, int frames) {
    return Long.compareUnsigned(address - base, frames * 4096L) < 0;
  }

  /** The first place of what is at an address. */
  static long near(long address) {
    return isIn(address, FAR + RAM, RAM_FRAMES) ? address - FAR : address;
  }

  static boolean isRam(long address) {
    return isIn(near(address), RAM, RAM_FRAMES);
  }

  static boolean isRom(long address) {
    return isIn(address, ROM, ROM_FRAMES);
  }

  boolean holds(long address) {
    return isRam(address) || isRom(address);
  }

  long word(long address) {
    return isRam(address) ? ram[(int) (near(address) - RAM) / 8] : rom[(int) (address - ROM) / 8];
  }

  /** Sets the scene. */
  void lay(long address, long value) {
    if (isRam(address)) {
      ram[(int) (near(address) - RAM) / 8] = value;
    } else {
      rom[(int) (address - ROM) / 8] = value;
    }
  }

  /** Stores as the IOMMU does, to RAM. */
  void store(long address, long value) {
    int at = (int) (near(address) - RAM) / 8;
    changes.add(new Change(ram, at, ram[at]));
    ram[at] = value;
  }

  /** The addresses of what was stored since the last call. */
  List<Long> takeChanges() {
    List<Long> addresses = changes.stream().map(change -> RAM + 8L * change.at()).toList();
    changes.clear();
    return addresses;
  }

  /** Takes back what was stored since the last {@link #takeChanges}. */
  void undo() {
    for (Change change : changes.reversed()) {
      change.words()[change.at()] = change.before();
    }
    changes.clear();
  }
}
