package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.mtree.TreeDocument.Root;
import java.util.ArrayList;
import java.util.List;

/**
 * All lines of a document in the order of the text, numbered from 0: those of a tree stand together, and a parent
 * stands before its children.
 */
final class Forest {

  /** The parent of a root. */
  static final int NONE = -1;

  /**
   * A line in its place.
   *
   * @param text the line
   * @param parent the number of its parent, or {@link #NONE}
   * @param tree the number of the root of its tree
   */
  record Node(TreeNode text, int parent, int tree) {}

  private final List<Node> nodes = new ArrayList<>();
  private final List<Integer> groupRoots = new ArrayList<>();
  private final List<Integer> sectionRoots = new ArrayList<>();

  Forest(TreeDocument document) {
    document.groups().forEach(group -> groupRoots.add(plant(group)));
    document.sections().forEach(section -> sectionRoots.add(plant(section)));
  }

  private int plant(Root root) {
    int number = nodes.size();
    add(root.tree(), NONE, number);
    return number;
  }

  private void add(TreeNode text, int parent, int tree) {
    int number = nodes.size();
    nodes.add(new Node(text, parent, tree));
    text.children().forEach(child -> add(child, number, tree));
  }

  int size() {
    return nodes.size();
  }

  Node node(int number) {
    return nodes.get(number);
  }

  TreeNode text(int number) {
    return nodes.get(number).text();
  }

  boolean isRoot(int number) {
    return nodes.get(number).parent() == NONE;
  }

  /** Where a line stands relative to its parent; for a root, where it stands. */
  long offset(int number) {
    Node node = nodes.get(number);
    return node.parent() == NONE ? node.text().first() : node.text().first() - text(node.parent()).first();
  }

  List<Integer> groupRoots() {
    return groupRoots;
  }

  List<Integer> sectionRoots() {
    return sectionRoots;
  }
}
