package io.flatview.dispatch.inspect;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.PrintableText;
import java.util.List;
import java.util.function.Function;

/** Prints flat views as {@code info mtree -f} does, with something after each. */
final class FlatText {

  private final Lines lines;
  private final Function<SharedView, String> supplement;
  private final StringBuilder out = new StringBuilder();

  private FlatText(Lines lines, Function<SharedView, String> supplement) {
    this.lines = lines;
    this.supplement = supplement;
  }

  static String print(List<SharedView> views, Lines lines, Function<SharedView, String> supplement) {
    return new FlatText(lines, supplement).print(views);
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
      out.append(supplement.apply(shared));
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
