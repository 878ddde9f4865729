package io.flatview.examples.cli.demo.churn;

/** The changes that the writer makes. */
public enum Edit {
  /** A region appears. */
  PLUG("plug"),
  /** A region goes away. */
  UNPLUG("unplug"),
  /** A region moves within its window. */
  MOVE("move"),
  /** A device, an alias or a reserved place gets another size. */
  RESIZE("resize"),
  /** A region is disabled, or enabled again. */
  TOGGLE("on/off"),
  /** An alias shows another part of its target. */
  SLIDE("slide"),
  /** A region gets another priority among those that overlap it. */
  RAISE("priority"),
  /** A window appears in, or goes away from, the second address space. */
  DOOR("alias on/off");

  private final String text;

  Edit(String text) {
    this.text = text;
  }

  /**
   * A word for tables.
   *
   * @return the word
   */
  public String text() {
    return text;
  }
}
