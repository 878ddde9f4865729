package io.flatview.dispatch.view;

import io.flatview.memory.MemoryRegionSection;
import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * A tree of sections as a list. Iterating takes constant time for each element; {@code get} adds up the sizes of the
 * children of each node on its way, so its time is logarithmic.
 */
final class SectionList extends AbstractList<MemoryRegionSection> {

  private static final int BATCH = 64;

  private final SectionTree tree;

  SectionList(SectionTree tree) {
    this.tree = tree;
  }

  @Override
  public int size() {
    return tree.size();
  }

  @Override
  public MemoryRegionSection get(int index) {
    return tree.get(Objects.checkIndex(index, tree.size()));
  }

  @Override
  public Iterator<MemoryRegionSection> iterator() {
    return new Iterator<>() {
      private List<MemoryRegionSection> batch = List.of();
      private int next;
      private int at;

      @Override
      public boolean hasNext() {
        return at < batch.size() || next < tree.size();
      }

      @Override
      public MemoryRegionSection next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (at == batch.size()) {
          int to = Math.min(next + BATCH, tree.size());
          batch = tree.slice(next, to);
          next = to;
          at = 0;
        }
        return batch.get(at++);
      }
    };
  }
}
