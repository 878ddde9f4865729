package io.flatview.examples.cli.demo.oracle;

/** The ways in which a read can be wrong. */
public enum FindingKind {
  /** A value that is written only over what was reclaimed. */
  RECLAIMED("memory or a device that was reclaimed already"),
  /** Every value was true once, but never all of them together. */
  MIXED("parts of different maps in one section"),
  /** A map that a commit had replaced, and returned, before the section was entered. */
  OUTDATED("a map older than a commit that had returned"),
  /** A map that was committed only after the section was entered. */
  AHEAD("a map newer than the section"),
  /** A value that was never committed at this place. */
  IMPOSSIBLE("a mapping that never existed"),
  /** The same address gave another value later in the section. */
  CHANGED("a map that changed inside a section"),
  /** A commit's ticket said "no reader sees the old map" while one did. */
  EARLY("a grace period that ended inside a section"),
  /** An address that never changes led elsewhere. */
  MISPLACED("another region at an address that never changes"),
  /** A device was called when no reader could see it any more. */
  LATE_CALL("a call to a device after its grace period"),
  /** A listener saw the map of another moment than it is promised. */
  LISTENER("the wrong map in a listener's callback"),
  /** An access threw an exception. */
  FAILED("an access that failed");

  private final String text;

  FindingKind(String text) {
    this.text = text;
  }

  /**
   * The kind of finding, as the end of a sentence.
   *
   * @return the text
   */
  public String text() {
    return text;
  }
}
