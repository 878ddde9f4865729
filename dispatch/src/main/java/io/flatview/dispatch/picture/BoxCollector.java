package io.flatview.dispatch.picture;

import io.flatview.dispatch.topology.BankNode;
import io.flatview.dispatch.topology.ParentNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.dispatch.view.Cover;
import io.flatview.dispatch.view.VisiblePart;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Walks a tree in the renderer's order, and makes a box of each region with its visible addresses. Disabled regions,
 * and variants that are not selected, are counted and left out. The walk does not enter an alias that is hidden
 * completely, which also ends every recursion.
 */
final class BoxCollector {

  /** The largest number of boxes in a picture. */
  private static final int MAX_BOXES = 5_000;

  /**
   * A step that is still to be made. Steps are on a stack of objects, since trees may be deeper than a thread's stack.
   */
  private sealed interface Step {

    /** Visits a region. */
    record Visit(RegionNode node, VisiblePart part, int level, boolean readOnlyAbove) implements Step {}

    /** Gives a parent the addresses that its children left free. */
    record Fill(Box box, VisiblePart part) implements Step {}

    /** Leaves a region. */
    record Leave() implements Step {}
  }

  private final List<Box> boxes = new ArrayList<>();
  private final List<MemoryRegion> path = new ArrayList<>();
  private final Cover cover = new Cover();
  private final Deque<Step> steps = new ArrayDeque<>();
  private final Map<BankNode, Integer> selected = new IdentityHashMap<>();
  private int disabled;
  private int deselected;

  private BoxCollector() {}

  /** Walks the tree below a root. Only the holder of the map's lock may call this. */
  static BoxCollector collect(RegionNode root) {
    BoxCollector collector = new BoxCollector();
    collector.run(new Step.Visit(root, VisiblePart.of(root), 0, false));
    return collector;
  }

  private void run(Step first) {
    steps.push(first);
    while (!steps.isEmpty()) {
      switch (steps.pop()) {
        case Step.Visit(RegionNode node, VisiblePart part, int level, boolean readOnly) ->
            region(node, part, level, readOnly);
        case Step.Fill(Box box, VisiblePart part) -> fill(box, part);
        case Step.Leave() -> path.removeLast();
      }
    }
  }

  /** The boxes, in the renderer's order. */
  List<Box> boxes() {
    return boxes;
  }

  /** The number of regions that were left out since they are disabled. */
  int disabled() {
    return disabled;
  }

  /** The number of variants that were left out since their bank does not select them. */
  int deselected() {
    return deselected;
  }

  boolean isCutShort() {
    return boxes.size() >= MAX_BOXES;
  }

  private void region(RegionNode node, VisiblePart part, int level, boolean readOnlyAbove) {
    if (part == null || isCutShort()) {
      return;
    }
    if (!node.isEnabled()) {
      disabled++;
      return;
    }
    path.add(node.region());
    steps.push(new Step.Leave());
    boolean readOnly = readOnlyAbove || node.isReadOnly();
    switch (node) {
      case RegionNode.AliasNode alias -> alias(alias, part, level, readOnly);
      case ParentNode parent -> parent(note(parent, parent, part, part, level, readOnly), parent, part, readOnly);
    }
  }

  /** An alias and the region at the end of its targets make one box. */
  private void alias(RegionNode.AliasNode alias, VisiblePart part, int level, boolean readOnlyAbove) {
    RegionNode shown = alias;
    VisiblePart onShown = part;
    boolean readOnly = readOnlyAbove;
    boolean enabled = true;
    while (shown instanceof RegionNode.AliasNode next) {
      onShown = onShown == null ? null : onShown.onTarget(next);
      shown = next.targetNode();
      readOnly |= shown.isReadOnly();
      enabled &= shown.isEnabled();
    }
    Box box = note(alias, shown, part, enabled ? onShown : null, level, readOnly);
    if (enabled && onShown != null && !cover.isTaken(rangeOf(onShown)) && shown instanceof ParentNode parent) {
      parent(box, parent, onShown, readOnly);
    }
  }

  private Box note(
      RegionNode node, RegionNode shown, VisiblePart part, VisiblePart onShown, int level, boolean readOnly) {
    Box box = new Box(node.region(), shown.region(), List.copyOf(path), level, rangeOf(part), part.offset(),
        Optional.ofNullable(onShown).map(BoxCollector::rangeOf), Kind.of(shown.region(), readOnly), boxes.size(),
        new ArrayList<>());
    boxes.add(box);
    return box;
  }

  /** The first child is visited first, so it is pushed last. */
  private void parent(Box box, ParentNode parent, VisiblePart part, boolean readOnly) {
    if (parent.answers()) {
      steps.push(new Step.Fill(box, part));
    }
    RegionNode only = parent instanceof BankNode bank ? selected(bank) : null;
    for (RegionNode child : parent.childNodes().reversed()) {
      if (parent instanceof BankNode && child != only) {
        deselected++;
        continue;
      }
      steps.push(new Step.Visit(child, part.onChild(child), box.level() + 1, readOnly));
    }
  }

  /** The selected variant of a bank, whose selection is read once. */
  private RegionNode selected(BankNode bank) {
    return bank.variantNode(selected.computeIfAbsent(bank, BankNode::selected));
  }

  /** Notes the addresses at which a parent's own content shows, as no child does. */
  private void fill(Box box, VisiblePart part) {
    box.visible().addAll(cover.gaps(rangeOf(part)));
    cover.take(rangeOf(part));
  }

  private static AddressRange rangeOf(VisiblePart part) {
    return new AddressRange(part.first(), part.last());
  }
}
