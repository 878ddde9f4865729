package io.flatview.examples.cli.dump;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What dumps print as the type of a region or a range. */
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
  RAMD("ramd");

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
    return Arrays.stream(values()).map(RegionType::label).collect(Collectors.joining(", "));
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
