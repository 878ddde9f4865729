package io.flatview.dispatch.generation;

import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.view.RenderedView;
import java.util.Arrays;
import java.util.BitSet;

/**
 * All address spaces at one moment. Immutable; published by one release store, so a reader that holds a generation sees
 * the views and page maps that belong to each other, in every address space.
 *
 * <p>Address spaces that show the same have a slot together; {@link Stay} says which in which generation, so a slot can
 * be given to others at once. Slots come in chunks, which successive generations share where nothing changed.
 */
public final class Generation {

  /** The slot of spaces that are not there: always empty. */
  public static final int NO_SLOT = 0;


  private static final int CHUNK_BITS = 6;
  private static final int CHUNK = 1 << CHUNK_BITS;

  private final long number;
  private final PhysPageMap[][] maps;
  private final RenderedView[][] views;
  private final PhysPageMap empty;

  private Generation(long number, PhysPageMap[][] maps, RenderedView[][] views, PhysPageMap empty) {
    this.number = number;
    this.maps = maps;
    this.views = views;
    this.empty = empty;
  }

  /**
   * The first generation, without address spaces.
   *
   * @param empty the map of a space in which nothing shows
   * @return number 0
   */
  public static Generation first(PhysPageMap empty) {
    return new Generation(0, new PhysPageMap[0][], new RenderedView[0][], empty);
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
   * @param slot any
   * @return an empty one for a slot that nobody held in this generation
   */
  public PhysPageMap map(int slot) {
    int chunk = slot >>> CHUNK_BITS;
    return chunk < maps.length ? maps[chunk][slot & CHUNK - 1] : empty;
  }

  /**
   * The view of a slot.
   *
   * @param slot any
   * @return an empty one for a slot that nobody held in this generation
   */
  public RenderedView view(int slot) {
    int chunk = slot >>> CHUNK_BITS;
    return chunk < views.length ? views[chunk][slot & CHUNK - 1] : RenderedView.EMPTY;
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

    private PhysPageMap[][] nextMaps = maps.clone();
    private RenderedView[][] nextViews = views.clone();

    /** The chunks that are this draft's own. */
    private final BitSet own = new BitSet();

    private Draft() {}

    /**
     * Says what a slot shows.
     *
     * @param slot any
     * @param view what users see
     * @param map what readers walk
     */
    public void set(int slot, RenderedView view, PhysPageMap map) {
      int chunk = slot >>> CHUNK_BITS;
      reach(chunk);
      if (!own.get(chunk)) {
        own.set(chunk);
        nextMaps[chunk] = nextMaps[chunk].clone();
        nextViews[chunk] = nextViews[chunk].clone();
      }
      nextMaps[chunk][slot & CHUNK - 1] = map;
      nextViews[chunk][slot & CHUNK - 1] = view;
    }

    /**
     * Leaves a slot empty.
     *
     * @param slot any
     */
    public void clear(int slot) {
      set(slot, RenderedView.EMPTY, empty);
    }

    private void reach(int chunk) {
      int held = nextMaps.length;
      if (chunk >= held) {
        nextMaps = Arrays.copyOf(nextMaps, chunk + 1);
        nextViews = Arrays.copyOf(nextViews, chunk + 1);
        for (int i = held; i <= chunk; i++) {
          nextMaps[i] = new PhysPageMap[CHUNK];
          nextViews[i] = new RenderedView[CHUNK];
          Arrays.fill(nextMaps[i], empty);
          Arrays.fill(nextViews[i], RenderedView.EMPTY);
          own.set(i);
        }
      }
    }

    /**
     * Finishes the draft.
     *
     * @return the generation, ready to be published
     */
    public Generation finish() {
      return new Generation(number + 1, nextMaps, nextViews, empty);
    }
  }
}
