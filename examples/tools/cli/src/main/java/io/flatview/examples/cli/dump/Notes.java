package io.flatview.examples.cli.dump;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects notes on missing and repaired parts of a dump. Equal notes are reported once, with their number. */
public final class Notes {

  /** How many different notes are kept. */
  public static final int LIMIT = 50;

  private record Place(int line, int times) {
    Place again() {
      return new Place(line, times + 1);
    }
  }

  private final Map<String, Place> found = new LinkedHashMap<>();
  private int left;

  /** Starts with none. */
  public Notes() {}

  /**
   * Adds a note.
   *
   * @param line where, 0 for the file as a whole
   * @param message the missing or repaired part, and the assumption
   */
  public void add(int line, String message) {
    if (found.size() < LIMIT || found.containsKey(message)) {
      found.merge(message, new Place(line, 1), (before, _) -> before.again());
    } else {
      left++;
    }
  }

  /**
   * Whether the dump was whole.
   *
   * @return true if there are none
   */
  public boolean isEmpty() {
    return found.isEmpty();
  }

  /**
   * The notes as problems, for messages.
   *
   * @param source the name of the dump
   * @return in the order of the file
   */
  public List<ParseProblem> of(String source) {
    List<ParseProblem> all = new ArrayList<>();
    found.forEach((message, place) -> all.add(new ParseProblem(source, place.line, message + more(place.times - 1))));
    all.sort(ParseProblem.BY_LINE);
    if (left > 0) {
      all.add(new ParseProblem(source, 0, "and " + left + " more notes"));
    }
    return all;
  }

  private static String more(int others) {
    return others == 0 ? "" : others == 1 ? " (and on 1 more line)" : " (and on " + others + " more lines)";
  }
}
