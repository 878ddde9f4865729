package io.flatview.dispatch.inspect;

import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;
import java.util.Optional;

/**
 * A view with what banks select in their places, as it was when it was made.
 *
 * @param root of the view
 * @param sections what shows
 * @param banks the sections of banks in whose places it is
 */
record ShownView(Optional<MemoryRegion> root, List<MemoryRegionSection> sections, List<MemoryRegionSection> banks)
    implements FlatView {

  /** A view itself if it has no banks, or as it shows now. */
  static FlatView of(FlatView view) {
    List<MemoryRegionSection> banks =
        view.sections().stream().filter(section -> section.region() instanceof MemoryRegion.Bank).toList();
    return banks.isEmpty() ? view : new ShownView(view.root(), List.copyOf(view.shown()), banks);
  }

  @Override
  public List<MemoryRegionSection> shown() {
    return sections;
  }

  @Override
  public Optional<MemoryRegionSection> find(long address) {
    return sections.stream().filter(section -> section.range().contains(address)).findAny();
  }
}
