package io.flatview.dispatch.generation;

/**
 * Which slot an address space has from a generation on, until its next stay: spaces that show the same share one, so a
 * commit may move a space from one to another. Readers of older generations go back to the stay that those knew.
 *
 * <p>Immutable but for the way back, which is cut when no reader can see an older generation.
 */
public final class Stay {

  /** Of a space that is not open yet. */
  public static final Stay NOWHERE = new Stay(Generation.NO_SLOT, 0, null);

  private final int slot;
  private final long since;

  /** Plain: it is only followed by readers of generations before {@link #since}, and cut when there are none. */
  private Stay earlier;

  /**
   * A stay that follows another.
   *
   * @param slot which, or {@link Generation#NO_SLOT} once the space is closed
   * @param since the number of the first generation for which that holds
   * @param earlier the stay before
   */
  public Stay(int slot, long since, Stay earlier) {
    this.slot = slot;
    this.since = since;
    this.earlier = earlier;
  }

  /**
   * The slot.
   *
   * @return from the first generation of the stay on
   */
  public int slot() {
    return slot;
  }

  int in(Generation generation) {
    Stay stay = this;
    while (stay.since > generation.number()) {
      stay = stay.earlier;
    }
    return stay.slot;
  }

  /** No reader can see a generation before this stay. Allocates nothing. */
  public void cut() {
    earlier = NOWHERE;
  }
}
