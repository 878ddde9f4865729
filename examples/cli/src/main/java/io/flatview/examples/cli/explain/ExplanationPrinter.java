package io.flatview.examples.cli.explain;

import io.flatview.examples.cli.dump.RegionType;
import io.flatview.examples.cli.flat.ViewTexts;
import io.flatview.examples.cli.machine.Labels;
import io.flatview.examples.cli.machine.Machine;
import io.flatview.examples.cli.mtree.MtreePrinter;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Explanation;
import io.flatview.memory.Explanation.Candidate;
import io.flatview.memory.Explanation.Verdict;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;

/** Prints for each address space which regions were considered at an address, which one won, and why. */
public final class ExplanationPrinter {

  private static final String INDENT = "  ";
  private static final String ORDER =
      "asked, in this order (of siblings the higher priority first, of equals the latest):";

  private final Machine machine;
  private final Labels labels;
  private final ViewTexts texts;
  private final long address;
  private final StringBuilder out = new StringBuilder();

  private ExplanationPrinter(Machine machine, long address) {
    this.machine = machine;
    this.labels = Labels.of(machine);
    this.texts = new ViewTexts(machine);
    this.address = address;
  }

  /**
   * Explains an address.
   *
   * @param machine where
   * @param address unsigned
   * @return the text; address spaces with the same root come together
   */
  public static String print(Machine machine, long address) {
    return new ExplanationPrinter(machine, address).print();
  }

  private String print() {
    MtreePrinter.groups(machine).values().forEach(this::group);
    return out.toString();
  }

  private void group(List<AddressSpace> spaces) {
    spaces.forEach(space -> line(0, "address-space: " + space.name()));
    explanation(spaces.getFirst().explain(address));
    out.append('\n');
  }

  private void explanation(Explanation explanation) {
    line(1, AddressRange.hex(address) + explanation.answer().map(this::answer).orElse(" is answered by nobody"));
    String winner = explanation.answer().map(section -> section.region().name()).orElse("");
    line(1, explanation.candidates().isEmpty() ? "no region holds it" : ORDER);
    explanation.candidates().forEach(candidate -> line(2 + candidate.depth(), describe(candidate, winner)));
  }

  private String answer(MemoryRegionSection section) {
    boolean inherited = section.attributes().readOnly() && labels.type(section.region()) != RegionType.ROM;
    return " is answered by " + texts.range(section) + (inherited ? "; writes are refused on the way to it" : "");
  }

  private String describe(Candidate candidate, String winner) {
    MemoryRegion region = candidate.region();
    return region.name() + " (prio " + region.priority() + ", " + labels.typeLabel(region) + ") @"
        + AddressRange.hex(candidate.offset()) + ": " + reason(region, candidate.verdict(), winner);
  }

  private static String reason(MemoryRegion region, Verdict verdict, String winner) {
    return switch (verdict) {
      case ANSWERS -> "answers, the first that can";
      case HIDDEN -> "could answer, but " + winner + " was asked before it";
      case DISABLED -> "is disabled, with all that it contains";
      case PASSES_ON -> region instanceof MemoryRegion.Alias alias
          ? "is an alias, asks " + alias.target().name()
          : "is a container, asks its children";
    };
  }

  private void line(int depth, String text) {
    out.repeat(INDENT, depth).append(text).append('\n');
  }
}
