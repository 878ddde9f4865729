package io.flatview.examples.cli.flat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The text of {@code info mtree -f}, with or without {@code -d}.
 *
 * @param views in the order of the text, which is arbitrary
 */
public record FlatDocument(List<View> views) {

  /**
   * Copies the list.
   *
   * @throws NullPointerException if anything is null
   */
  public FlatDocument {
    views = List.copyOf(views);
  }

  /**
   * The view of each address space.
   *
   * @return one entry for each
   */
  public List<SpaceView> spaces() {
    return views.stream().flatMap(View::bySpace).toList();
  }

  /**
   * A view and the spaces that share it.
   *
   * @param line where it starts
   * @param spaces the address spaces that share it
   * @param roots the root of each as the text has it, {@code NAME} or {@code NAME, alias TARGET}; empty if the text
   *     does not tell roots
   * @param root the region at which rendering started, or empty
   * @param ranges the ranges that it shows
   * @param pageTable the page table, if the text has it
   */
  public record View(
      int line, List<String> spaces, List<String> roots, Optional<String> root, List<ViewRange> ranges,
      Optional<PageTableText> pageTable) {

    /**
     * Copies the lists.
     *
     * @throws NullPointerException if anything is null
     */
    public View {
      spaces = List.copyOf(spaces);
      roots = List.copyOf(roots);
      ranges = List.copyOf(ranges);
    }

    private Stream<SpaceView> bySpace() {
      return spaces.stream().map(space -> new SpaceView(space, root, ranges));
    }
  }
}
