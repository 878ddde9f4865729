package io.flatview.dispatch.inspect;

import io.flatview.memory.AddressRange;
import io.flatview.memory.Explanation;
import io.flatview.memory.Explanation.Candidate;
import io.flatview.memory.Explanation.Verdict;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.PrintableText;

/** Describes for people the regions that were considered at an address, and the one that answers. */
final class ExplanationText {

  private static final String ORDER =
      "asked, in this order (of siblings the higher priority first, of equals the latest):";

  private final Lines lines;
  private final StringBuilder out = new StringBuilder();

  private ExplanationText(Lines lines) {
    this.lines = lines;
  }

  static String print(Explanation explanation, Lines lines) {
    return new ExplanationText(lines).print(explanation);
  }

  private String print(Explanation explanation) {
    line(0, "address-space: " + PrintableText.of(explanation.addressSpace().name()));
    line(1, AddressRange.hex(explanation.address())
        + explanation.answer().map(section -> answer(section) + sparse(section, explanation.address()))
            .orElse(" is a hole: no region answers"));
    String winner = explanation.answer().map(section -> Lines.name(section.region())).orElse("");
    line(1, explanation.candidates().isEmpty() ? "no region holds it" : ORDER);
    explanation.candidates().forEach(candidate -> line(2 + candidate.depth(), describe(candidate, winner)));
    return out.append('\n').toString();
  }

  private String answer(MemoryRegionSection section) {
    boolean inherited = section.attributes().readOnly() && !section.region().isReadOnly();
    return " is answered by " + lines.range(section) + (inherited ? "; writes are refused on the way to it" : "");
  }

  private static String sparse(MemoryRegionSection section, long address) {
    return Lines.isPopulated(section, address)
        .map(populated -> "; sparse memory, " + (populated ? "populated" : "discarded") + " there").orElse("");
  }

  private String describe(Candidate candidate, String winner) {
    MemoryRegion region = candidate.region();
    return Lines.name(region) + " (prio " + region.priority() + ", " + lines.labels().typeLabel(region) + ") @"
        + AddressRange.hex(candidate.offset()) + ": " + reason(region, candidate.verdict(), winner);
  }

  private static String reason(MemoryRegion region, Verdict verdict, String winner) {
    return switch (verdict) {
      case ANSWERS -> "answers, the first that can";
      case HIDDEN -> "could answer, but " + winner + " was asked before it";
      case DISABLED -> "is disabled, with all that it contains";
      case NOT_SELECTED -> "is variant " + region.priority() + ", which its bank does not select";
      case PASSES_ON -> passesOn(region);
    };
  }

  private static String passesOn(MemoryRegion region) {
    return switch (region) {
      case MemoryRegion.Alias alias -> "is an alias, asks " + Lines.name(alias.target());
      case MemoryRegion.Bank _ -> "is a bank, asks the variant that it selects";
      case MemoryRegion.Parent _ -> "is a container, asks its children";
    };
  }

  private void line(int depth, String text) {
    out.repeat(Lines.INDENT, depth).append(text).append('\n');
  }
}
