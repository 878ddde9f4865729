package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.BankNode;
import io.flatview.dispatch.topology.ParentNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders the sections below one view root, at all of its addresses or at some of them.
 *
 * <h2>Rules</h2>
 *
 * <p>A disabled region shows nothing. Children are rendered in the order in which they win. A region that answers
 * accesses itself fills those addresses of its part that are still free, so a parent's own content comes after its
 * children. An alias renders its target, cut to the alias; the target's own address does not matter.
 *
 * <h2>Recursion</h2>
 *
 * <p>An alias may lead to an ancestor: real machines mirror one range of their map into another. The visible part
 * narrows with each round until it is empty or all of it is taken. If the same alias is entered again with an equal
 * part, the part does not narrow, and the map is refused at once; if the part narrows by only a few bytes a round, the
 * map is refused because aliases nest too deeply.
 *
 * <p>Mirrors of mirrors are reached on many paths. When an alias is reached again with a part that was rendered
 * completely before, all addresses that it could fill are taken. So each pair of alias and part is rendered once.
 *
 * <h2>Banks</h2>
 *
 * <p>A bank whose selection is {@linkplain Selections given} shows that variant as its only child. Any other bank fills
 * each free gap with one section, wherever its variants have holes; the {@link BankRenderer} renders what shows in the
 * gap under each selection.
 */
final class ViewRenderer {

  private final SectionFiller filler;

  /** The aliases on the way; null until the first. */
  private AliasPath aliases;

  private final ViewRoot root;
  private final Selections selections;

  /** Shared with the renderings of banks below; null until it is needed. */
  private AliasBudget budget;

  private ViewRenderer(
      ViewRoot root, Selections selections, AliasBudget budget, List<MemoryRegionSection> sections) {
    this.root = root;
    this.selections = selections;
    this.budget = budget;
    this.filler = new SectionFiller(sections);
  }

  /** All sections. */
  static List<MemoryRegionSection> render(ViewRoot root) {
    return root.node() == null ? List.of() : render(root, root.part(), Selections.OPEN, null);
  }

  /** The sections of a part of the view root under some selections. The budget is null for a rendering of its own. */
  static List<MemoryRegionSection> render(
      ViewRoot root, VisiblePart part, Selections selections, AliasBudget budget) {
    List<MemoryRegionSection> sections = new ArrayList<>();
    new ViewRenderer(root, selections, budget, sections).render(part);
    return Joining.joined(sections);
  }

  /** Adds the sections of some addresses of the view root, cut to these addresses, in any order and not joined. */
  static void render(ViewRoot root, long first, long last, List<MemoryRegionSection> sections) {
    new ViewRenderer(root, Selections.OPEN, null, sections).render(root.part().at(first, last));
  }

  private void render(VisiblePart part) {
    render(root.node(), part, root.inherited());
  }

  private void render(RegionNode node, VisiblePart part, Inherited fromAbove) {
    if ((isBelowAlias() || selections != Selections.OPEN) && budget().isSpent()) {
      throw tooLarge(node);
    }
    if (!node.isEnabled() || part == null || filler.isTaken(part)) {
      return;
    }
    Inherited inherited = fromAbove.through(node);
    switch (node) {
      case RegionNode.AliasNode alias -> renderTarget(alias, part, inherited);
      case BankNode bank -> renderBank(bank, part, inherited);
      case ParentNode parent -> renderParent(parent, part, inherited);
    }
  }

  private void renderParent(ParentNode parent, VisiblePart part, Inherited inherited) {
    List<RegionNode> children = parent.childNodes(part.offset(), part.offsetOfLast());
    for (int i = 0; i < children.size(); i++) {
      render(children.get(i), part.onChild(children.get(i)), inherited);
    }
    if (parent.answers()) {
      filler.fill(parent, part, inherited.attributesOf(parent));
    }
  }

  private void renderBank(BankNode bank, VisiblePart part, Inherited inherited) {
    Integer selected = selections.of(bank);
    if (selected == null) {
      filler.fill(bank, part, gap -> inherited.attributesOf(
          new BankRenderer(root, budget()).render(bank, gap, selections)));
      return;
    }
    RegionNode variant = bank.variantNode(selected);
    if (variant != null) {
      render(variant, part.onChild(variant), inherited);
    }
  }

  private void renderTarget(RegionNode.AliasNode alias, VisiblePart part, Inherited inherited) {
    if (aliases == null) {
      aliases = new AliasPath();
    }
    AliasPath.Entry entry = new AliasPath.Entry(alias, part);
    if (!aliases.isDone(entry)) {
      aliases.enter(entry);
      render(alias.targetNode(), part.onTarget(alias), inherited);
      aliases.leave(entry);
    }
  }

  private AliasBudget budget() {
    if (budget == null) {
      budget = new AliasBudget();
    }
    return budget;
  }

  private boolean isBelowAlias() {
    return aliases != null && !aliases.isEmpty();
  }

  private MapException tooLarge(RegionNode node) {
    String where = isBelowAlias() ? "below alias " + aliases.outermost() : "where banks overlap";
    String way = isBelowAlias() ? aliases + "; " : "";
    return new MapException(MapFault.Id.VIEW_TOO_LARGE, where + ", region " + node
        + " and others are shown in more than " + budget.most() + " ways; " + way + AliasBudget.CURE);
  }
}
