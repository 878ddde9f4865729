package io.flatview.dispatch.fault;

/** Something that changes a map, again and again from the same state. */
interface Operation {

  /** Before each time. */
  default void prepare() {}

  /** Makes the change, with as many rounds of followers. */
  void run(int followers);

  /** Takes back what was made of anything but regions in the world. */
  default void takeBack() {}

  /** How many rounds of followers there are. */
  default int rounds() {
    return 0;
  }

  /** Whether it is made after the call has returned, so that its failure is only logged. */
  default boolean isLate() {
    return false;
  }

  /** Whether a part of it may stand without a generation. */
  default boolean isLoose() {
    return false;
  }
}
