package io.flatview.dispatch.view;

import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A flat view, and the memory it keeps alive while it is published. */
public final class RenderedView implements FlatView {

  /** The view in which nothing shows. */
  public static final RenderedView EMPTY = new RenderedView((MemoryRegion) null, List.of());

  private final MemoryRegion root;
  private final List<MemoryRegionSection> sections;
  private final Set<RamBlock> ram;

  RenderedView(ViewRoot viewRoot, List<MemoryRegionSection> sections) {
    this(viewRoot.node() == null ? null : viewRoot.node().region(), sections);
  }

  private RenderedView(MemoryRegion root, List<MemoryRegionSection> sections) {
    this.root = root;
    this.sections = List.copyOf(sections);
    this.ram = ramOf(sections);
  }

  private static Set<RamBlock> ramOf(List<MemoryRegionSection> sections) {
    Set<RamBlock> ram = Collections.newSetFromMap(new IdentityHashMap<>());
    for (MemoryRegionSection section : sections) {
      RamBlock block = RegionNode.of(section.region()).ram();
      if (block != null) {
        ram.add(block);
      }
    }
    return ram;
  }

  @Override
  public Optional<MemoryRegion> root() {
    return Optional.ofNullable(root);
  }

  @Override
  public List<MemoryRegionSection> sections() {
    return sections;
  }

  @Override
  public Optional<MemoryRegionSection> find(long address) {
    int low = 0;
    int high = sections.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      MemoryRegionSection section = sections.get(middle);
      if (Long.compareUnsigned(address, section.range().first()) < 0) {
        high = middle - 1;
      } else if (Long.compareUnsigned(address, section.range().last()) > 0) {
        low = middle + 1;
      } else {
        return Optional.of(section);
      }
    }
    return Optional.empty();
  }

  /** The view is about to be published. */
  public void retainMemory() {
    ram.forEach(RamBlock::retain);
  }

  /** The view was replaced and no reader can see it any more. */
  public void releaseMemory() {
    ram.forEach(RamBlock::release);
  }

  /**
   * Whether two views show the same, dirty masks included.
   *
   * @param other the other view
   * @return true if nobody can tell them apart
   */
  public boolean sameAs(RenderedView other) {
    return Objects.equals(root, other.root) && sections.equals(other.sections);
  }
}
