package io.flatview.dispatch.model;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;

/** A map that was published, and the views of its address spaces by number. */
record Shown(ModelMap map, NavigableMap<Integer, List<ModelSection>> views) {

  /** Nothing, for a space that does not exist. */
  List<ModelSection> view(int space) {
    return views.getOrDefault(space, List.of());
  }

  Collection<List<ModelSection>> all() {
    return views.values();
  }
}
