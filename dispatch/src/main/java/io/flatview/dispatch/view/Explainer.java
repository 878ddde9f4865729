package io.flatview.dispatch.view;

import io.flatview.dispatch.topology.ParentNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Explanation;
import io.flatview.memory.Explanation.Candidate;
import io.flatview.memory.Explanation.Verdict;
import io.flatview.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.List;

/** Asks the regions at one address in the renderer's order, and notes what each said. */
public final class Explainer {

  /** How many hidden ones are told of: mirrors of mirrors can hide each other without number. */
  private static final int MAX_CANDIDATES = 1_000;

  private final List<Candidate> candidates = new ArrayList<>();
  private final List<MemoryRegion> path = new ArrayList<>();
  private int aliasDepth;
  private boolean answered;

  private Explainer() {}

  /**
   * Explains an address.
   *
   * @param space where
   * @param root of the address space
   * @param view what the address space shows
   * @param address unsigned
   * @return the decision
   */
  public static Explanation explain(AddressSpace space, RegionNode root, RenderedView view, long address) {
    Explainer explainer = new Explainer();
    Window window = Window.of(root);
    if (window != null && new AddressRange(window.first(), window.last()).contains(address)) {
      explainer.ask(root, new Window(address, address, window.offset() + (address - window.first())));
    }
    return new Explanation(space, address, explainer.candidates, view.find(address));
  }

  private void ask(RegionNode node, Window window) {
    if (window == null || (answered && candidates.size() >= MAX_CANDIDATES)) {
      return;
    }
    path.add(node.region());
    if (node.isEnabled()) {
      askEnabled(node, window);
    } else {
      note(node, window, Verdict.DISABLED);
    }
    path.removeLast();
  }

  private void askEnabled(RegionNode node, Window window) {
    switch (node) {
      case RegionNode.AliasNode alias -> {
        note(alias, window, Verdict.PASSES_ON);
        askTarget(alias, window);
      }
      case ParentNode parent when parent.answers() -> {
        askChildren(parent, window);
        note(parent, window, answered ? Verdict.HIDDEN : Verdict.ANSWERS);
        answered = true;
      }
      case ParentNode parent -> {
        note(parent, window, Verdict.PASSES_ON);
        askChildren(parent, window);
      }
    }
  }

  /** No map renders that nests aliases deeper. */
  private void askTarget(RegionNode.AliasNode alias, Window window) {
    if (aliasDepth < ViewRenderer.MAX_ALIAS_DEPTH) {
      aliasDepth++;
      ask(alias.targetNode(), window.onTarget(alias));
      aliasDepth--;
    }
  }

  private void askChildren(ParentNode parent, Window window) {
    for (RegionNode child : parent.childNodes(window.offset(), window.offset())) {
      ask(child, window.onChild(child));
    }
  }

  private void note(RegionNode node, Window window, Verdict verdict) {
    candidates.add(new Candidate(node.region(), List.copyOf(path), window.offset(), verdict));
  }
}
