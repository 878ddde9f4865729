package io.flatview.dispatch.inspect;

import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot of a view with the selected variants in the places of banks.
 *
 * @param root the view root
 * @param sections the sections that show
 * @param banks the sections of banks that they replace
 */
record ShownView(Optional<MemoryRegion> root, List<MemoryRegionSection> sections, List<MemoryRegionSection> banks)
    implements FlatView {

  /** The view itself if it has no banks, else a snapshot. */
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
