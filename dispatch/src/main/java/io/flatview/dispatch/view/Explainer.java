package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.BankNode;
import io.flatview.dispatch.topology.ParentNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Explanation;
import io.flatview.memory.Explanation.Candidate;
import io.flatview.memory.Explanation.Verdict;
import io.flatview.memory.MemoryRegion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Visits the regions at one address in the renderer's order, and records the verdict on each. The regions that are
 * still to be visited are on a stack of objects, since trees may be deeper than a thread's stack.
 */
public final class Explainer {

  /**
   * The number of candidates from which on hidden ones are left out: mirrors of mirrors can hide each other endlessly.
   */
  private static final int MAX_HIDDEN = 1_000;

  /** The largest number of candidates while no region has answered. No map that renders nests regions so deep. */
  private static final int MAX_CANDIDATES = 20_000;

  /** A step that is still to be made. */
  private sealed interface Step {

    /** Visits a region at its part of the address. */
    record Ask(RegionNode node, VisiblePart part) implements Step {}

    /** Records a variant that its bank does not select. */
    record Deselected(RegionNode node, VisiblePart part) implements Step {}

    /** Records the verdict on a parent that answers itself, after its children were visited. */
    record Answer(ParentNode parent, VisiblePart part) implements Step {}

    /** Leaves a region. */
    record Leave(RegionNode node) implements Step {}
  }

  private final List<Candidate> candidates = new ArrayList<>();
  private final List<MemoryRegion> path = new ArrayList<>();
  private final Deque<Step> steps = new ArrayDeque<>();

  /** The selection of each bank, which is read once. */
  private final Map<BankNode, Integer> selected = new IdentityHashMap<>();

  private int aliasDepth;
  private boolean answered;

  private Explainer() {}

  /**
   * Explains an address.
   *
   * @param space the address space
   * @param root the root of the address space
   * @param view the view of the address space
   * @param address the address, unsigned
   * @return the explanation
   */
  public static Explanation explain(AddressSpace space, RegionNode root, RenderedView view, long address) {
    Explainer explainer = new Explainer();
    VisiblePart part = VisiblePart.of(root);
    if (part != null && new AddressRange(part.first(), part.last()).contains(address)) {
      explainer.run(root, new VisiblePart(address, address, part.offset() + (address - part.first())));
    }
    return new Explanation(space, address, explainer.candidates,
        view.find(address).flatMap(section -> section.shown(address)));
  }

  private void run(RegionNode root, VisiblePart part) {
    steps.push(new Step.Ask(root, part));
    while (!steps.isEmpty()) {
      switch (steps.pop()) {
        case Step.Ask(RegionNode node, VisiblePart on) -> ask(node, on);
        case Step.Deselected(RegionNode node, VisiblePart on) -> noteDeselected(node, on);
        case Step.Answer(ParentNode parent, VisiblePart on) -> answer(parent, on);
        case Step.Leave(RegionNode node) -> leave(node);
      }
    }
  }

  private void ask(RegionNode node, VisiblePart part) {
    if (part == null || candidates.size() >= (answered ? MAX_HIDDEN : MAX_CANDIDATES)) {
      return;
    }
    path.add(node.region());
    aliasDepth += node instanceof RegionNode.AliasNode ? 1 : 0;
    steps.push(new Step.Leave(node));
    if (node.isEnabled()) {
      askEnabled(node, part);
    } else {
      note(node, part, Verdict.DISABLED);
    }
  }

  private void askEnabled(RegionNode node, VisiblePart part) {
    switch (node) {
      case RegionNode.AliasNode alias -> {
        note(alias, part, Verdict.PASSES_ON);
        askTarget(alias, part);
      }
      case BankNode bank -> {
        note(bank, part, Verdict.PASSES_ON);
        askVariants(bank, part);
      }
      case ParentNode parent when parent.answers() -> {
        steps.push(new Step.Answer(parent, part));
        askChildren(parent, part);
      }
      case ParentNode parent -> {
        note(parent, part, Verdict.PASSES_ON);
        askChildren(parent, part);
      }
    }
  }

  /** Visits the target of an alias, unless aliases nest deeper than in any map that renders. */
  private void askTarget(RegionNode.AliasNode alias, VisiblePart part) {
    if (aliasDepth <= AliasPath.MAX_DEPTH) {
      steps.push(new Step.Ask(alias.targetNode(), part.onTarget(alias)));
    }
  }

  /** The first child is visited first, so it is pushed last. */
  private void askChildren(ParentNode parent, VisiblePart part) {
    for (RegionNode child : parent.childNodes(part.offset(), part.offset()).reversed()) {
      steps.push(new Step.Ask(child, part.onChild(child)));
    }
  }

  private void askVariants(BankNode bank, VisiblePart part) {
    RegionNode shown = bank.variantNode(selected.computeIfAbsent(bank, BankNode::selected));
    bank.childNodes(part.offset(), part.offset()).stream()
        .filter(variant -> variant != shown)
        .forEach(variant -> steps.push(new Step.Deselected(variant, part.onChild(variant))));
    if (shown != null) {
      steps.push(new Step.Ask(shown, part.onChild(shown)));
    }
  }

  private void noteDeselected(RegionNode variant, VisiblePart part) {
    if (part != null && candidates.size() < MAX_CANDIDATES) {
      path.add(variant.region());
      note(variant, part, Verdict.NOT_SELECTED);
      path.removeLast();
    }
  }

  private void answer(ParentNode parent, VisiblePart part) {
    note(parent, part, answered ? Verdict.HIDDEN : Verdict.ANSWERS);
    answered = true;
  }

  private void leave(RegionNode node) {
    path.removeLast();
    aliasDepth -= node instanceof RegionNode.AliasNode ? 1 : 0;
  }

  private void note(RegionNode node, VisiblePart part, Verdict verdict) {
    candidates.add(new Candidate(node.region(), List.copyOf(path), part.offset(), verdict));
  }
}
