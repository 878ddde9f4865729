package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.BankNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.BankedSections;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders where a bank shows all that may show there: for each variant it renders the view anew from its root, in that
 * window and with the variant selected. So what a section of a bank has under a selection is by construction what a
 * view would have if the selected variant were a child like any other. That includes what shows through holes, and
 * further banks there, which are rendered in the same way: so banks that overlap multiply only where an upper one has
 * holes.
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
    return new ViewRenderer(root, selections.with(bank, number), budget)
        .render(root.part().at(range.first(), range.last()));
  }
}
