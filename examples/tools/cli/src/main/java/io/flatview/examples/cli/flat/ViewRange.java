package io.flatview.examples.cli.flat;

import io.flatview.memory.AddressRange;
import java.util.OptionalInt;

/**
 * A range of a flat view as dumps show it.
 *
 * @param range the addresses, both inclusive
 * @param type the type of the region that answers, as in {@code ram} or {@code nv-ram}
 * @param name the name of the region that answers
 * @param offset which offset of the region stands at the first address, unsigned
 * @param priority the priority of the region; empty if it has none for lack of a parent
 */
public record ViewRange(AddressRange range, String type, String name, long offset, OptionalInt priority) {

  /**
   * Whether two ranges say the same: everything, but the priority only if both know it.
   *
   * @param other the other range
   * @return true if so
   */
  public boolean matches(ViewRange other) {
    return range.equals(other.range)
        && type.equals(other.type)
        && name.equals(other.name)
        && offset == other.offset
        && (priority.isEmpty() || other.priority.isEmpty() || priority.equals(other.priority));
  }

  /** As QEMU prints it, without the indentation. */
  @Override
  public String toString() {
    return range + " (prio " + priority.orElse(0) + ", " + type + "): " + name
        + (offset == 0 ? "" : " @" + AddressRange.hex(offset));
  }
}
