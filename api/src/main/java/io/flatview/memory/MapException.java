package io.flatview.memory;

import java.util.List;
import java.util.stream.Collectors;

/** A requested map is wrong. Nothing has changed: the map is as it was before the call that throws this. */
public final class MapException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<MapFault> faults;

  /**
   * Reports faults, all at once.
   *
   * @param faults the faults, at least one
   * @param cause the exception that a listener threw, or null
   */
  public MapException(List<MapFault> faults, Throwable cause) {
    super(describe(faults), cause);
    this.faults = List.copyOf(faults);
  }

  /**
   * Reports one fault.
   *
   * @param id the rule that is broken
   * @param message names both parties and the addresses
   */
  public MapException(MapFault.Id id, String message) {
    this(List.of(new MapFault(id, message)), null);
  }

  private static String describe(List<MapFault> faults) {
    return faults.size() == 1
        ? faults.getFirst().toString()
        : faults.stream()
            .map(MapFault::toString)
            .collect(Collectors.joining("\n  ", faults.size() + " faults:\n  ", ""));
  }

  /**
   * The faults.
   *
   * @return at least one
   */
  public List<MapFault> faults() {
    return faults;
  }
}
