package io.flatview.examples.cli.flat;

import io.flatview.examples.cli.machine.Labels;
import io.flatview.examples.cli.machine.Machine;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;
import java.util.OptionalInt;

/** Turns rendered views into what dumps show of them. */
public final class ViewTexts {

  private final Labels labels;

  /**
   * For a machine.
   *
   * @param machine the machine whose views are printed
   */
  public ViewTexts(Machine machine) {
    this.labels = Labels.of(machine);
  }

  /**
   * The view of an address space.
   *
   * @param space the address space
   * @return its view as text
   */
  public SpaceView space(AddressSpace space) {
    FlatView view = space.flatView();
    return new SpaceView(space.name(), view.root().map(MemoryRegion::name), ranges(view));
  }

  /**
   * The ranges of a view.
   *
   * @param view the view
   * @return in ascending order
   */
  public List<ViewRange> ranges(FlatView view) {
    return view.sections().stream().map(this::range).toList();
  }

  /**
   * One range.
   *
   * @param section the section
   * @return the range as text
   */
  public ViewRange range(MemoryRegionSection section) {
    MemoryRegion region = section.region();
    OptionalInt priority = region.parent().isPresent() ? OptionalInt.of(region.priority()) : OptionalInt.empty();
    return new ViewRange(
        section.range(), labels.typeLabel(section), region.name(), section.offsetInRegion(), priority);
  }
}
