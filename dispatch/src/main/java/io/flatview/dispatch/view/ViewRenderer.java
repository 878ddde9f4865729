package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.BankNode;
import io.flatview.dispatch.topology.ParentNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;

/**
 * Renders what shows below one view root, all of it or what shows in a window.
 *
 * <h2>Rules</h2>
 *
 * <p>A disabled region shows nothing. Children are asked in the order in which they win; what answers itself fills the
 * addresses of its window that nobody asked before has taken, so a parent's own content comes after its children. An
 * alias goes on in its target with the part of the window that the target has; the target's own place does not matter.
 *
 * <h2>Recursion</h2>
 *
 * <p>An alias may lead to an ancestor: real machines mirror a part of their map into another part of it. The window
 * narrows with each round until it is empty or taken. It fails to narrow only if the same alias is entered again
 * through an equal window, which is refused at once; a shift by a few bytes a round narrows too slowly and is refused
 * by depth.
 *
 * <p>Mirrors of mirrors are met in many ways. An alias whose rendering through a window is complete has nothing to add
 * when it is met again with that window: all that it could fill is taken. So each such pair is rendered once.
 *
 * <h2>Banks</h2>
 *
 * <p>Whose selection is {@linkplain Selections given} shows that variant as its only child. Any other takes the
 * addresses that are free as one section for each gap, whatever its variants have there; the {@link BankRenderer}
 * renders what may show in them.
 */
final class ViewRenderer {

  private final SectionFiller filler = new SectionFiller();

  /** Null while no alias has been met. */
  private AliasPath aliases;

  private final ViewRoot root;
  private final Selections selections;
  private final AliasBudget budget;

  ViewRenderer(ViewRoot root, Selections selections, AliasBudget budget) {
    this.root = root;
    this.selections = selections;
    this.budget = budget;
  }

  /** All sections. */
  static List<MemoryRegionSection> render(ViewRoot root) {
    return root.node() == null ? List.of() : render(root, root.window());
  }

  /** The sections of some addresses of the view root's window, cut to these. */
  static List<MemoryRegionSection> render(ViewRoot root, long first, long last) {
    return render(root, root.window().at(first, last));
  }

  private static List<MemoryRegionSection> render(ViewRoot root, Window window) {
    return new ViewRenderer(root, Selections.OPEN, new AliasBudget()).render(window);
  }

  /** The sections of a part of the view root's window. */
  List<MemoryRegionSection> render(Window window) {
    render(root.node(), window, root.inherited());
    return filler.sections();
  }

  private void render(RegionNode node, Window window, Inherited fromAbove) {
    if ((isBelowAlias() || selections != Selections.OPEN) && budget.isSpent()) {
      throw tooLarge(node);
    }
    if (!node.isEnabled() || window == null || filler.isTaken(window)) {
      return;
    }
    Inherited inherited = fromAbove.through(node);
    switch (node) {
      case RegionNode.AliasNode alias -> renderTarget(alias, window, inherited);
      case BankNode bank -> renderBank(bank, window, inherited);
      case ParentNode parent -> renderParent(parent, window, inherited);
    }
  }

  private void renderParent(ParentNode parent, Window window, Inherited inherited) {
    for (RegionNode child : parent.childNodes(window.offset(), window.offsetOfLast())) {
      render(child, window.onChild(child), inherited);
    }
    if (parent.answers()) {
      filler.fill(parent, window, inherited.attributesOf(parent));
    }
  }

  private void renderBank(BankNode bank, Window window, Inherited inherited) {
    Integer selected = selections.of(bank);
    if (selected == null) {
      filler.fill(bank, window, gap -> inherited.attributesOf(
          new BankRenderer(root, budget).render(bank, gap, selections)));
    } else if (bank.variantNode(selected) != null) {
      RegionNode variant = bank.variantNode(selected);
      render(variant, window.onChild(variant), inherited);
    }
  }

  private void renderTarget(RegionNode.AliasNode alias, Window window, Inherited inherited) {
    if (aliases == null) {
      aliases = new AliasPath();
    }
    AliasPath.Entry entry = new AliasPath.Entry(alias, window);
    if (!aliases.isDone(entry)) {
      aliases.enter(entry);
      render(alias.targetNode(), window.onTarget(alias), inherited);
      aliases.leave(entry);
    }
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
