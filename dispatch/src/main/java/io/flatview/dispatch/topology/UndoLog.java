package io.flatview.dispatch.topology;

import java.util.ArrayList;
import java.util.List;

/** The changes that are not final, the latest last. Guarded by the topology's lock. */
final class UndoLog {

  private final List<Change> changes = new ArrayList<>();

  void add(Change change) {
    changes.add(change);
  }

  int size() {
    return changes.size();
  }

  List<Change> upTo(int mark) {
    return changes.subList(0, mark);
  }

  void undoTo(int mark) {
    while (changes.size() > mark) {
      changes.removeLast().inverse().run();
    }
  }

  void forgetUpTo(int mark) {
    changes.subList(0, mark).clear();
  }
}
