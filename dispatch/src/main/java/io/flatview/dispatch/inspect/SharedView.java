package io.flatview.dispatch.inspect;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A view and the address spaces that share it: those for which rendering started at the same region and gave equal
 * sections.
 *
 * @param view the view
 * @param spaces the address spaces that share it, at least one
 */
public record SharedView(FlatView view, List<AddressSpace> spaces) {

  private record Key(Optional<MemoryRegion> root, List<MemoryRegionSection> sections) {}

  /**
   * The views of address spaces, with the selected variants in the places of banks.
   *
   * @param spaces the address spaces
   * @return each view once, in the order of the first address space that shows it
   */
  public static List<SharedView> of(List<AddressSpace> spaces) {
    Map<Key, SharedView> views = new LinkedHashMap<>();
    for (AddressSpace space : spaces) {
      FlatView view = ShownView.of(space.flatView());
      views.computeIfAbsent(new Key(view.root(), view.sections()), _ -> new SharedView(view, new ArrayList<>()))
          .spaces.add(space);
    }
    return List.copyOf(views.values());
  }
}
