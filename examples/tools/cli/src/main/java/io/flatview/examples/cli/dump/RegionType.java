package io.flatview.examples.cli.dump;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The types that dumps print for regions and ranges. */
public enum RegionType {
  /** Registers, or a container. */
  IO("i/o"),
  /** Memory. */
  RAM("ram"),
  /** Memory that only reads, or a range whose writes are refused. */
  ROM("rom"),
  /** Memory for reads, a device for writes. */
  ROMD("romd"),
  /** Memory of a device. */
  RAMD("ramd"),
  /** A region without a parent that answers nothing itself; since 2026, where earlier versions say {@link #IO}. */
  CONTAINER("container"),
  /** Before 2.9: reads and writes go somewhere. */
  READ_WRITE("RW"),
  /** Before 2.9: memory that only reads, or memory for reads and a device for writes. */
  READ_ONLY("R-"),
  /** Before 2.9: only writes go somewhere. */
  WRITE_ONLY("-W"),
  /** Before 2.9: neither reads nor writes go anywhere. */
  NEITHER("--");

  /** Stands before the type of what keeps its content. */
  public static final String NON_VOLATILE_PREFIX = "nv-";

  private final String label;

  RegionType(String label) {
    this.label = label;
  }

  /**
   * Finds a type.
   *
   * @param label as dumps print it
   * @return the type
   * @throws BadLineException if there is none
   */
  public static RegionType of(String label) {
    return Arrays.stream(values()).filter(type -> type.label.equals(label)).findFirst()
        .orElseThrow(() -> new BadLineException(
            "'" + Numbers.excerpt(label) + "' is no type of region; known are " + labels()));
  }

  private static String labels() {
    return Arrays.stream(values()).filter(type -> !type.isVague())
        .map(RegionType::label)
        .collect(Collectors.joining(", "));
  }

  /**
   * Whether a dump of this type does not tell what answers.
   *
   * @return true for the types before 2.9
   */
  public boolean isVague() {
    return switch (this) {
      case IO, RAM, ROM, ROMD, RAMD, CONTAINER -> false;
      case READ_WRITE, READ_ONLY, WRITE_ONLY, NEITHER -> true;
    };
  }

  /**
   * Whether a region of this type may contain others.
   *
   * @return false for memory
   */
  public boolean mayContain() {
    return switch (this) {
      case IO, CONTAINER, READ_WRITE, READ_ONLY, WRITE_ONLY, NEITHER -> true;
      case RAM, ROM, ROMD, RAMD -> false;
    };
  }

  /**
   * The type in print.
   *
   * @return as dumps print it
   */
  public String label() {
    return label;
  }

  /**
   * The type in print with the mark before it.
   *
   * @param nonVolatile whether the mark is set
   * @return as dumps print it
   */
  public String label(boolean nonVolatile) {
    return nonVolatile ? NON_VOLATILE_PREFIX + label : label;
  }
}
