package io.flatview.examples.cli.check;

import io.flatview.examples.cli.flat.FlatDocument;
import io.flatview.examples.cli.flat.PageTableText;
import io.flatview.examples.cli.flat.SpaceView;
import io.flatview.examples.cli.flat.ViewTexts;
import io.flatview.examples.cli.machine.MachineHost;
import io.flatview.examples.cli.pagetable.QemuPageTable;
import io.flatview.memory.AddressSpace;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The measures of two page tables of the same view.
 *
 * @param space an address space that shows the view
 * @param expected the page table that QEMU printed
 * @param actual the page table of this library
 */
public record PageTableComparison(String space, PageTableText expected, QemuPageTable.Shape actual) {

  /**
   * Compares the page tables of a machine with those of a dump. Views that differ are left out: they have been
   * reported.
   *
   * @param document the dump
   * @param host the machine
   * @return one entry for each view of the dump
   */
  public static List<PageTableComparison> compare(FlatDocument document, MachineHost host) {
    ViewTexts texts = new ViewTexts(host.machine());
    return document.views().stream().flatMap(view -> compare(view, host, texts)).toList();
  }

  private static Stream<PageTableComparison> compare(FlatDocument.View view, MachineHost host, ViewTexts texts) {
    String name = view.spaces().getFirst();
    Optional<AddressSpace> space = host.machine().spaces().stream()
        .filter(candidate -> candidate.name().equals(name) && shows(texts.space(candidate), view))
        .findFirst();
    return space.stream().flatMap(found -> view.pageTable().stream()
        .map(text -> new PageTableComparison(name, text, host.pageTable(found))));
  }

  private static boolean shows(SpaceView space, FlatDocument.View view) {
    return ViewComparison.compare(
        List.of(new SpaceView(space.space(), view.root(), view.ranges())), List.of(space), false).isEmpty();
  }

  /**
   * Whether all measures are the same.
   *
   * @return true if sections, nodes and depth are
   */
  public boolean isEqual() {
    return expected.sections() == actual.sections()
        && expected.nodes() == actual.nodes()
        && expected.depth() == actual.depth();
  }

  /** The measures of both. */
  @Override
  public String toString() {
    return "page table of '" + space + "': QEMU " + expected.sections() + " sections, " + expected.nodes()
        + " nodes, depth " + expected.depth() + " | here " + actual.sections() + " sections, " + actual.nodes()
        + " nodes, depth " + actual.depth();
  }
}
