package io.flatview.examples.cli.demo.oracle;

import java.util.HexFormat;

/**
 * The word that marks the region at an address: the serial number of the region, the number of its cell, and a check
 * that no other word passes by accident.
 *
 * <p>Layout: serial in bits 24 to 63, cell in bits 16 to 23, check in bits 0 to 15. The lowest bit of a serial tells
 * memory (0) from devices (1).
 */
public final class Stamp {

  /** The word that a reader notes where nothing answers. */
  public static final long NOTHING = -1L;

  /** The word that a reader notes where an access is refused for another reason than that nothing answers. */
  public static final long REFUSED = -2L;

  /** The word that is written over memory that no reader sees any more. */
  public static final long POISON = 0xDEAD_DEAD_DEAD_DEADL;

  /** How many cells a region can have. */
  public static final int MAX_CELLS = 256;

  private static final int SERIAL_SHIFT = 24;
  private static final int CELL_SHIFT = 16;
  private static final long CELL_MASK = MAX_CELLS - 1;
  private static final long CHECK_MASK = 0xFFFF;
  private static final long MULTIPLIER = 0xD1B5_4A32_D192_ED03L;

  private Stamp() {}

  /**
   * The stamp of a cell.
   *
   * @param serial of the region
   * @param cell counted from 0, below {@link #MAX_CELLS}
   * @return the word
   */
  public static long of(long serial, long cell) {
    long body = serial << SERIAL_SHIFT | (cell & CELL_MASK) << CELL_SHIFT;
    return body | check(body);
  }

  /**
   * Whether a word is a stamp at all.
   *
   * @param word any word
   * @return true if its check is right
   */
  public static boolean isGenuine(long word) {
    return (word & CHECK_MASK) == check(word & ~CHECK_MASK);
  }

  /**
   * Whether a word is the stamp of memory.
   *
   * @param word any word
   * @return true for memory, false for devices and for what is no stamp
   */
  public static boolean isMemory(long word) {
    return isGenuine(word) && (serial(word) & 1) == 0;
  }

  /**
   * Whether a word is the stamp of a device.
   *
   * @param word any word
   * @return true for devices, false for memory and for what is no stamp
   */
  public static boolean isDevice(long word) {
    return isGenuine(word) && (serial(word) & 1) == 1;
  }

  /**
   * A word as messages show it.
   *
   * @param word any word
   * @return what it means
   */
  public static String describe(long word) {
    if (word == NOTHING) {
      return "nothing";
    }
    if (word == REFUSED) {
      return "a refused access";
    }
    return word == POISON ? "poison" : describeContent(word);
  }

  private static String describeContent(long word) {
    return isGenuine(word)
        ? (isMemory(word) ? "memory #" : "device #") + serial(word) + " cell " + (word >>> CELL_SHIFT & CELL_MASK)
        : "no stamp, " + HexFormat.of().toHexDigits(word);
  }

  private static long serial(long word) {
    return word >>> SERIAL_SHIFT;
  }

  private static long check(long body) {
    long mixed = (body ^ body >>> 29 ^ MULTIPLIER) * MULTIPLIER;
    return (mixed ^ mixed >>> 32) * MULTIPLIER >>> 48;
  }
}
