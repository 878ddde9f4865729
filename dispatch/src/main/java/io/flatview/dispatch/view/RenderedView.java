package io.flatview.dispatch.view;

import io.flatview.memory.AddressRange;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A flat view. The views of successive generations share what did not change. */
public final class RenderedView implements FlatView {

  /** The empty view. */
  public static final RenderedView EMPTY = new RenderedView((MemoryRegion) null, SectionTree.EMPTY);

  /** The number of sections that {@link #toString} prints. */
  private static final int SHOWN = 8;

  private final MemoryRegion root;
  private final SectionTree tree;

  RenderedView(ViewRoot viewRoot, SectionTree tree) {
    this(viewRoot.node() == null ? null : viewRoot.node().region(), tree);
  }

  private RenderedView(MemoryRegion root, SectionTree tree) {
    this.root = root;
    this.tree = tree;
  }

  SectionTree tree() {
    return tree;
  }

  @Override
  public Optional<MemoryRegion> root() {
    return Optional.ofNullable(root);
  }

  @Override
  public List<MemoryRegionSection> sections() {
    return new SectionList(tree);
  }

  @Override
  public List<MemoryRegionSection> sections(AddressRange range) {
    int to = range.last() == -1 ? tree.size() : tree.beginningBefore(range.last() + 1);
    return sections().subList(tree.endingBefore(range.first()), to);
  }

  @Override
  public Optional<MemoryRegionSection> find(long address) {
    return Optional.ofNullable(tree.at(address));
  }

  /** The sections; of a large view only the first few. */
  @Override
  public String toString() {
    List<MemoryRegionSection> all = sections();
    return "view of " + (root == null ? "nothing" : root) + ": "
        + (all.size() <= SHOWN ? all : all.subList(0, SHOWN) + " and " + (all.size() - SHOWN) + " more");
  }

  /**
   * Whether two views show the same, dirty masks included.
   *
   * @param other the other view
   * @return true if readers and listeners cannot tell them apart
   */
  public boolean sameAs(RenderedView other) {
    return Objects.equals(root, other.root)
        && tree.size() == other.tree.size()
        && sections().equals(other.sections());
  }
}
