package io.flatview.examples.cli.pagetable;

import static io.flatview.examples.cli.pagetable.QemuPageTable.L2_SIZE;
import static io.flatview.examples.cli.pagetable.QemuPageTable.LEVEL_BITS;
import static io.flatview.examples.cli.pagetable.QemuPageTable.NO_NODE;
import static io.flatview.examples.cli.pagetable.QemuPageTable.ptr;
import static io.flatview.examples.cli.pagetable.QemuPageTable.skip;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.PrintableText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Adds page tables to a text of flat views, as {@code info mtree -f -d} does. QEMU marks sections 1 to 3 as
 * {@code [not dirty]}, {@code [ROM]} and {@code [watch]}, whatever they are, and the section that was looked up last;
 * here only the unassigned section, the root and IOMMUs are marked.
 */
public final class DispatchText {

  /** The address spaces of one root and one view stand under one heading. */
  private record Shown(Optional<MemoryRegion> root, List<MemoryRegionSection> sections) {

    static Shown of(AddressSpace space) {
      FlatView view = space.flatView();
      return new Shown(view.root(), view.sections());
    }
  }

  private final QemuPageTable table;
  private final StringBuilder out = new StringBuilder("  Dispatch\n");

  private DispatchText(QemuPageTable table) {
    this.table = table;
  }

  /**
   * Puts the page table of each view below its ranges.
   *
   * @param views the text of the flat views of all these address spaces, a blank line after each view
   * @param spaces the address spaces in the order of the text
   * @param pageSize the size of a page in bytes, a power of two
   * @return the text with the page tables
   */
  public static String below(String views, List<AddressSpace> spaces, int pageSize) {
    List<Shown> shown = spaces.stream().map(Shown::of).distinct().toList();
    String[] texts = views.split("\n\n");
    return IntStream.range(0, shown.size())
        .mapToObj(number -> texts[number] + "\n" + table(shown.get(number), pageSize) + "\n")
        .collect(Collectors.joining());
  }

  private static String table(Shown view, int pageSize) {
    return view.sections().isEmpty()
        ? ""
        : new DispatchText(QemuPageTable.of(pageSize, view.sections())).print(view.root());
  }

  private String print(Optional<MemoryRegion> root) {
    out.append("    Physical sections\n");
    for (int number = 0; number < table.sections().size(); number++) {
      section(number, table.sections().get(number), root);
    }
    out.append("    Nodes (").append(LEVEL_BITS).append(" bits per level, ").append(table.levels())
        .append(" levels) ptr=[").append(ptr(table.root())).append("] skip=").append(skip(table.root())).append('\n');
    for (int node = 0; node < table.nodeCount(); node++) {
      out.append("      [").append(node).append("]\n");
      entries(node);
    }
    return out.toString();
  }

  private void section(int number, QemuPageTable.Section section, Optional<MemoryRegion> root) {
    MemoryRegion region = section.region();
    out.append("      #").append(number)
        .append(" @").append(AddressRange.hex(section.range().first()))
        .append("..").append(AddressRange.hex(section.range().last()))
        .append(' ').append(region == null ? "(noname)" : PrintableText.of(region.name()))
        .append(number == 0 ? " [unassigned]" : "")
        .append(region != null && region == root.orElse(null) ? " [ROOT]" : "")
        .append(region instanceof MemoryRegion.Iommu ? " [iommu]" : "").append('\n');
  }

  private void entries(int node) {
    int first = 0;
    for (int slot = 1; slot <= L2_SIZE; slot++) {
      if (slot == L2_SIZE || table.entry(node, slot) != table.entry(node, first)) {
        run(first, slot - 1, table.entry(node, first));
        first = slot;
      }
    }
  }

  private void run(int first, int last, long entry) {
    String slots = first == last ? "%3d     " : "%3d..%-3d";
    out.append('\t').append(String.format(Locale.ROOT, slots, first, last)).append("  skip=").append(skip(entry))
        .append("  ptr=").append(pointer(entry)).append('\n');
  }

  private static String pointer(long entry) {
    if (ptr(entry) == NO_NODE) {
      return "NIL";
    }
    return skip(entry) == 0 ? "#" + ptr(entry) : "[" + ptr(entry) + "]";
  }
}
