package io.flatview.dispatch.generation;

/**
 * The slot that an address space has from some generation on, until its next stay. Spaces with one view root share a
 * slot, so a commit may move a space to another one. Readers of older generations follow the link to the earlier stay.
 *
 * <p>Immutable but for that link, which is cut when no reader can see an older generation.
 */
public final class Stay {

  /** The stay of a space that is not open yet. */
  public static final Stay NOWHERE = new Stay(Generation.NO_SLOT, 0, null);

  private final int slot;
  private final long since;

  /** A plain field: only readers of generations before {@link #since} follow it, and it is cut when there are none. */
  private Stay earlier;

  /**
   * Makes a stay that follows another.
   *
   * @param slot the slot, or {@link Generation#NO_SLOT} once the space is closed
   * @param since the number of the first generation in which the space has it
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
   * @return its number
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

  /** Cuts the link, since no reader can see a generation before this stay. Allocates nothing. */
  public void cut() {
    earlier = NOWHERE;
  }
}
