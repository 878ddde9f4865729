package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.BankNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.BankedSections;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders, for a range in which a bank shows, what shows there under each selection: for each variant, and for none, it
 * renders the range again from the view root, with that selection. So the sections of a bank under a selection are
 * those of a view in which the selected variant is an ordinary child. They include regions that show through holes, and
 * other banks there, which are rendered in the same way: so the variants of overlapping banks multiply only where an
 * upper bank has holes.
 */
final class BankRenderer {

  private final ViewRoot root;
  private final AliasBudget budget;

  BankRenderer(ViewRoot root, AliasBudget budget) {
    this.root = root;
    this.budget = budget;
  }

  BankedSections render(BankNode bank, AddressRange range, Selections selections) {
    List<List<MemoryRegionSection>> variants = new ArrayList<>(bank.variants());
    List<MemoryRegionSection> none = render(bank, MemoryRegion.Bank.NONE, range, selections);
    for (int i = 0; i < bank.variants(); i++) {
      variants.add(bank.variantNode(i) == null ? none : render(bank, i, range, selections));
    }
    return new BankedSections(none, variants);
  }

  private List<MemoryRegionSection> render(BankNode bank, int number, AddressRange range, Selections selections) {
    return ViewRenderer.render(
        root, root.part().at(range.first(), range.last()), selections.with(bank, number), budget);
  }
}
