package io.flatview.examples.cli.dump;

import io.flatview.memory.AddressRange;

/**
 * The part that the lines of trees and of flat views have in common: {@code LO-HI (prio N, TYPE): }.
 *
 * @param range the addresses, both inclusive
 * @param priority of the region
 * @param nonVolatile the type has the mark
 * @param type the type without the mark
 */
public record LineHead(AddressRange range, int priority, boolean nonVolatile, RegionType type) {

  /**
   * Reads it.
   *
   * @param line stands at its first digit; afterwards behind its last blank
   * @return what was read
   * @throws BadLineException if something else is there
   */
  public static LineHead read(Cursor line) {
    AddressRange range = line.range();
    line.expect(" (prio ");
    int priority = Numbers.decimal(line.until(", "));
    boolean nonVolatile = line.take(RegionType.NON_VOLATILE_PREFIX);
    return new LineHead(range, priority, nonVolatile, RegionType.of(line.until("): ")));
  }
}
