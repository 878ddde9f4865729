package io.flatview.dispatch.topology;

import java.util.Arrays;

/**
 * The changes that are not final, in the order in which they were made. A change is added before it is made; undoing
 * and forgetting changes allocate nothing. Guarded by the map's lock.
 */
final class UndoLog {

  private static final int USUAL = 16;
  private static final int LARGE = 1024;

  private Change[] changes = new Change[USUAL];
  private int size;

  void add(Change change) {
    if (size == 0 && changes.length > LARGE) {
      changes = new Change[USUAL];
    }
    if (size == changes.length) {
      changes = Arrays.copyOf(changes, 2 * size);
    }
    changes[size++] = change;
  }

  int size() {
    return size;
  }

  Change get(int index) {
    return changes[index];
  }

  /** Undoes the changes since a mark. If this throws, it can be called again. */
  void undoTo(int mark) {
    while (size > mark) {
      changes[size - 1].undo();
      changes[--size] = null;
    }
  }

  void forgetUpTo(int mark) {
    System.arraycopy(changes, mark, changes, 0, size - mark);
    for (int i = size - mark; i < size; i++) {
      changes[i] = null;
    }
    size -= mark;
  }
}
