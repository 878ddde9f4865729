package io.flatview.dispatch.generation;

import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.view.RenderedView;
import java.util.Arrays;

/**
 * All address spaces at one moment. Immutable; published by one release store, so a reader that has a generation sees
 * views and page maps that belong together, in every address space.
 *
 * <p>Address spaces with one view root share a slot; {@link Stay} records which slot a space has in which generations,
 * so a free slot can be used again at once. Slots are in chunks, and successive generations share the chunks that did
 * not change.
 */
public final class Generation {

  /** The slot of spaces that are not open in a generation: always empty. */
  public static final int NO_SLOT = 0;

  private static final int CHUNK_BITS = 6;
  private static final int CHUNK = 1 << CHUNK_BITS;

  /** The number of slots that a chunk has at first; it grows as slots are used. */
  private static final int FIRST = 4;

  private static final Slot[] UNUSED = {};

  /** The view and the page map of a slot. */
  private record Slot(RenderedView view, PhysPageMap map) {}

  private final long number;
  private final Slot[][] chunks;
  private final PhysPageMap empty;

  private Generation(long number, Slot[][] chunks, PhysPageMap empty) {
    this.number = number;
    this.chunks = chunks;
    this.empty = empty;
  }

  /**
   * The first generation, without address spaces.
   *
   * @param empty the map of a space in which nothing shows
   * @return generation number 0
   */
  public static Generation first(PhysPageMap empty) {
    return new Generation(0, new Slot[0][], empty);
  }

  /**
   * The number.
   *
   * @return one more than that of the generation it was made from
   */
  public long number() {
    return number;
  }

  /**
   * The page map of a slot.
   *
   * @param slot the number of the slot
   * @return an empty one for a slot that is free in this generation
   */
  public PhysPageMap map(int slot) {
    Slot found = slot(slot);
    return found == null ? empty : found.map;
  }

  /**
   * The view of a slot.
   *
   * @param slot the number of the slot
   * @return an empty one for a slot that is free in this generation
   */
  public RenderedView view(int slot) {
    Slot found = slot(slot);
    return found == null ? RenderedView.EMPTY : found.view;
  }

  private Slot slot(int slot) {
    int chunk = slot >>> CHUNK_BITS;
    int at = slot & CHUNK - 1;
    return chunk < chunks.length && at < chunks[chunk].length ? chunks[chunk][at] : null;
  }

  /**
   * The next generation, to be changed before it is published.
   *
   * @return a draft that equals this one
   */
  public Draft next() {
    return new Draft();
  }

  /** A generation under construction. */
  public final class Draft {

    private Slot[][] next = chunks.clone();

    private Draft() {}

    /**
     * Sets the view and the page map of a slot.
     *
     * @param slot the number of the slot
     * @param view the view that users see
     * @param map the map that readers walk
     */
    public void set(int slot, RenderedView view, PhysPageMap map) {
      own(slot)[slot & CHUNK - 1] = new Slot(view, map);
    }

    /**
     * Leaves a slot empty.
     *
     * @param slot the number of the slot
     */
    public void clear(int slot) {
      own(slot)[slot & CHUNK - 1] = null;
    }

    /** The chunk of a slot, which is this draft's own and long enough. */
    private Slot[] own(int slot) {
      int chunk = slot >>> CHUNK_BITS;
      if (chunk >= next.length) {
        int held = next.length;
        next = Arrays.copyOf(next, chunk + 1);
        Arrays.fill(next, held, chunk + 1, UNUSED);
      }
      int at = slot & CHUNK - 1;
      boolean shared = chunk < chunks.length && next[chunk] == chunks[chunk];
      if (shared || at >= next[chunk].length) {
        int length = next[chunk].length;
        next[chunk] = Arrays.copyOf(next[chunk], at < length ? length : grown(at));
      }
      return next[chunk];
    }

    private static int grown(int at) {
      return Math.max(FIRST, 2 * Integer.highestOneBit(at));
    }

    /**
     * Finishes the draft.
     *
     * @return the generation, ready to be published
     */
    public Generation finish() {
      return new Generation(number + 1, next, empty);
    }
  }
}
