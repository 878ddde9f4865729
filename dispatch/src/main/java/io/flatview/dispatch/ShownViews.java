package io.flatview.dispatch;

import io.flatview.dispatch.generation.SharedMaps;
import io.flatview.dispatch.view.RenderedView;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** How many address spaces show each view in force. Guarded by the committer's lock. */
final class ShownViews {

  private final SharedMaps shared;
  private final Map<RenderedView, Integer> counts = new IdentityHashMap<>();

  ShownViews(SharedMaps shared) {
    this.shared = shared;
  }

  /** Counts what is about to be published; a view not shown before keeps its memory alive from now on. */
  void retainNew(List<SpaceChange> changes) {
    for (SpaceChange change : changes) {
      if (!change.closesSpace() && counts.merge(change.next().view(), 1, Integer::sum) == 1) {
        change.next().view().retainMemory();
      }
    }
  }

  /** Counts what was just replaced, and returns the views that nobody shows any more. */
  List<RenderedView> dropOld(List<SpaceChange> changes) {
    List<RenderedView> dropped = new ArrayList<>();
    for (SpaceChange change : changes) {
      if (change.space().shown != null && drop(change.space().shown.view())) {
        dropped.add(change.space().shown.view());
      }
    }
    return dropped;
  }

  /** Forgets what was built for views that are not going to be published. */
  void forgetUnpublished(List<SpaceChange> changes) {
    for (SpaceChange change : changes) {
      if (!change.closesSpace() && !counts.containsKey(change.next().view())) {
        shared.forget(change.next().view());
      }
    }
  }

  private boolean drop(RenderedView view) {
    boolean last = counts.merge(view, -1, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b)) == null;
    if (last) {
      shared.forget(view);
    }
    return last;
  }
}
