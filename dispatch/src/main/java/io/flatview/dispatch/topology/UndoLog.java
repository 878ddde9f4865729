package io.flatview.dispatch.topology;

import java.util.Arrays;

/**
 * The changes that are not final, in the order in which they were made. A change is added before it is made; undoing
 * and forgetting changes allocate nothing. Guarded by the map's lock.
 */
final class UndoLog {

  private static final int USUAL = 8;

  /** Holds the changes of most transactions; kept beside a longer array, since forgetting must not allocate. */
  private final Change[] few = new Change[USUAL];

  private Change[] changes = few;
  private int size;

  void add(Change change) {
    if (size == changes.length) {
      grow();
    }
    changes[size++] = change;
  }

  private void grow() {
    changes = Arrays.copyOf(changes, 2 * size);
    Arrays.fill(few, null);
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
    shrink();
  }

  private void shrink() {
    if (size == 0) {
      changes = few;
    }
  }

  void forgetUpTo(int mark) {
    System.arraycopy(changes, mark, changes, 0, size - mark);
    for (int i = size - mark; i < size; i++) {
      changes[i] = null;
    }
    size -= mark;
    shrink();
  }
}
