package io.flatview.dispatch.topology;

import java.util.ArrayList;
import java.util.List;

/** How to take changes back, the latest first. Guarded by the topology's lock. */
final class UndoLog {

  private final List<Runnable> inverses = new ArrayList<>();

  void add(Runnable inverse) {
    inverses.add(inverse);
  }

  int size() {
    return inverses.size();
  }

  void undoTo(int mark) {
    while (inverses.size() > mark) {
      inverses.removeLast().run();
    }
  }

  void forgetUpTo(int mark) {
    inverses.subList(0, mark).clear();
  }
}
