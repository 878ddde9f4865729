package io.flatview.examples.virt64.hart;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ThreadConfined;

/**
 * A small number in the tags of what a hart keeps of the map. Another one makes all entries invalid at once; only when
 * the numbers start over are they emptied. Confined to the hart's thread.
 */
@ThreadConfined
final class MapStamp {

  private static final int SHIFT = 7;
  private static final int STAMPS = 32;

  /** A cache with the stamp in its tags. */
  interface User {

    void empty();

    /** The stamp has changed, or whether stores may touch memory at once. */
    void contextChanged();
  }

  private final User user;
  private final SeenSections seen;
  private MapReader reader;
  private long generation;
  private int stamp;

  MapStamp(AddressSpace space, User user) {
    this.user = user;
    seen = new SeenSections(space);
  }

  void attach(MapReader reader) {
    this.reader = reader;
    seen.clear();
    change();
  }

  /** To be called on entry to a section. */
  void sectionEntered() {
    if (reader.generation() != generation) {
      generation = reader.generation();
      if (seen.haveChanged(reader)) {
        change();
      } else {
        user.contextChanged();
      }
    }
  }

  void change() {
    stamp = (stamp + 1) % STAMPS;
    if (stamp == 0) {
      user.empty();
    }
    user.contextChanged();
  }

  /** The stamp in its place in a tag. */
  long bits() {
    return (long) stamp << SHIFT;
  }

  /** Whether stores may touch all memory here at once. */
  boolean takesStores() {
    return seen.takesStores();
  }

  /** Whether what is kept of a page is looked after, as it is from now on if the page is memory. */
  boolean looksAfter(long page) {
    if (seen.holds(page)) {
      return true;
    }
    if (seen.isFull()) {
      seen.clear();
      change();
    }
    seen.add(reader, page);
    user.contextChanged();
    return seen.holds(page);
  }
}
