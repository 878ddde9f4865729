package io.flatview.dispatch.inspect;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.PrintableText;
import java.util.List;

/** Prints flat views as {@code info mtree -f} does. */
final class FlatText {

  private final Lines lines;
  private final StringBuilder out = new StringBuilder();

  private FlatText(Lines lines) {
    this.lines = lines;
  }

  static String print(List<SharedView> views, Lines lines) {
    return new FlatText(lines).print(views);
  }

  private String print(List<SharedView> views) {
    for (int number = 0; number < views.size(); number++) {
      out.append("FlatView #").append(number).append('\n');
      view(views.get(number));
    }
    return out.toString();
  }

  private void view(SharedView shared) {
    shared.spaces().forEach(this::space);
    String root = shared.view().root().map(Lines::name).orElse("(none)");
    out.append(" Root memory region: ").append(root).append('\n');
    if (shared.view().sections().isEmpty()) {
      out.append("  No rendered FlatView\n");
    } else {
      shared.view().sections().forEach(
          section -> out.append(Lines.INDENT).append(lines.section(section)).append('\n'));
    }
    out.append('\n');
  }

  private void space(AddressSpace space) {
    out.append(" AS \"").append(PrintableText.of(space.name())).append("\", root: ")
        .append(Lines.name(space.root()));
    if (space.root() instanceof MemoryRegion.Alias alias) {
      out.append(", alias ").append(Lines.name(alias.target()));
    }
    out.append('\n');
  }
}
