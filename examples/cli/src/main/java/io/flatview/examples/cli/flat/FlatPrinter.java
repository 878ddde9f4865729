package io.flatview.examples.cli.flat;

import io.flatview.examples.cli.machine.Labels;
import io.flatview.examples.cli.machine.Machine;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;

/**
 * Prints the views of a machine as {@code info mtree -f} does; with owners, if the machine was read from a dump that
 * has them. QEMU numbers views in the order of a hash table; here they come in the order of the address spaces.
 */
public final class FlatPrinter {

  private final Machine machine;
  private final Labels labels;
  private final ViewTexts texts;
  private final StringBuilder out = new StringBuilder();

  private FlatPrinter(Machine machine) {
    this.machine = machine;
    this.labels = Labels.of(machine);
    this.texts = new ViewTexts(machine);
  }

  /**
   * Prints a machine's views.
   *
   * @param machine the machine
   * @return the text
   */
  public static String print(Machine machine) {
    return new FlatPrinter(machine).print();
  }

  private String print() {
    List<SharedView> views = SharedView.of(machine);
    for (int number = 0; number < views.size(); number++) {
      out.append("FlatView #").append(number).append('\n');
      view(views.get(number));
    }
    return out.toString();
  }

  private void view(SharedView shared) {
    shared.spaces().forEach(this::space);
    String root = shared.view().root().map(MemoryRegion::name).orElse("(none)");
    out.append(" Root memory region: ").append(root).append('\n');
    if (shared.view().sections().isEmpty()) {
      out.append("  No rendered FlatView\n");
    }
    shared.view().sections().forEach(this::range);
    out.append('\n');
  }

  private void space(AddressSpace space) {
    out.append(" AS \"").append(space.name()).append("\", root: ").append(space.root().name());
    if (space.root() instanceof MemoryRegion.Alias alias) {
      out.append(", alias ").append(alias.target().name());
    }
    out.append('\n');
  }

  private void range(MemoryRegionSection section) {
    out.append("  ").append(texts.range(section)).append(labels.note(section.region()).owner()).append('\n');
  }
}
