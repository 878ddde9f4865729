package io.flatview.examples.cli.machine;

import io.flatview.memory.Size;

/**
 * A described region.
 *
 * @param line where the dump describes it, from 1; 0 if it does not
 * @param name for people; not unique
 * @param kind the kind of the region
 * @param size the extent of the region
 * @param flags the flags that are set on it
 * @param note the further facts in a dump
 */
public record RegionSpec(int line, String name, RegionKind kind, Size size, Flags flags, Note note) {

  /**
   * The same region of another kind.
   *
   * @param other the kind
   * @return a copy
   */
  public RegionSpec withKind(RegionKind other) {
    return new RegionSpec(line, name, other, size, flags, note);
  }

  /**
   * Registers in place of this region.
   *
   * @param type printed for them, unless the dump has another
   * @return a copy
   */
  RegionSpec printedAs(String type) {
    Note printed = new Note(note.owner, note.type.isEmpty() ? type : note.type, note.unseen);
    return new RegionSpec(line, name, RegionKind.Plain.MMIO, size, flags, printed);
  }

  /**
   * A region's own flags.
   *
   * @param enabled whether it takes part in the map
   * @param readOnly whether it refuses writes
   * @param nonVolatile whether it keeps its content
   */
  public record Flags(boolean enabled, boolean readOnly, boolean nonVolatile) {

    /** Enabled, and nothing else. */
    public static final Flags NONE = new Flags(true, false, false);
  }

  /**
   * The facts that a region cannot carry itself, kept so that a dump can be printed again.
   *
   * @param owner the owner part of its line with the leading blank, or nothing
   * @param type printed in place of what the region is, or nothing
   * @param unseen stands for a disabled region that the dump leaves out
   */
  public record Note(String owner, String type, boolean unseen) {

    /** Nothing to say. */
    public static final Note NONE = new Note("", "", false);
  }
}
