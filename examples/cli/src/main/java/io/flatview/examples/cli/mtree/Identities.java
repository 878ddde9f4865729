package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.dump.RegionType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds out which lines stand for the same region.
 *
 * <p>A region is printed in its parent, again wherever the parent is printed again, as the root of a section if an
 * alias shows it, and as the root of a group if an address space shows it. So the tree of a root may be a copy of one
 * that stands inside another: everything in it is equal, and it starts at the offset that the other has in its
 * parent. Where exactly one such place is left, both are taken for the same. That goes from the largest tree to the
 * smallest, since a copy takes all that it contains out of the search.
 *
 * <p>The roots of groups are different regions, and so are the roots of sections; but a group and a section may have
 * the same root.
 */
final class Identities {

  private record Signature(
      String name, long length, int priority, boolean nonVolatile, RegionType type, boolean disabled, boolean unseen,
      String owner, int target, long window, List<Child> children) {}

  private record Child(long offset, int signature) {}

  private final Forest forest;
  private final int[] targets;
  private final int[] signatures;
  private final int[] sizes;
  private final int[] same;
  private final Map<Integer, List<Integer>> alike = new HashMap<>();
  private final Set<Integer> copies = new HashSet<>();
  private final Set<Integer> shownByGroup = new HashSet<>();
  private final Set<Integer> shownBySection = new HashSet<>();

  private Identities(Forest forest, int[] targets) {
    this.forest = forest;
    this.targets = targets;
    this.signatures = new int[forest.size()];
    this.sizes = new int[forest.size()];
    this.same = IntStream.range(0, forest.size()).toArray();
  }

  /**
   * Finds all identities.
   *
   * @param forest the lines
   * @param targets for each line the section that it shows
   * @return for each line the line that stands for its region: itself, or the one it is a copy of
   */
  static int[] find(Forest forest, int[] targets) {
    Identities identities = new Identities(forest, targets);
    identities.sign();
    identities.roots().forEach(identities::match);
    return identities.resolved();
  }

  private void sign() {
    Map<Signature, Integer> known = new HashMap<>();
    List<List<Child>> children = new ArrayList<>();
    IntStream.range(0, forest.size()).forEach(_ -> children.add(new ArrayList<>()));
    for (int line = forest.size() - 1; line >= 0; line--) {
      Signature signature = signature(line, children.get(line));
      signatures[line] = known.computeIfAbsent(signature, _ -> known.size());
      sizes[line]++;
      alike.computeIfAbsent(signatures[line], _ -> new ArrayList<>()).add(line);
      if (!forest.isRoot(line)) {
        int parent = forest.node(line).parent();
        sizes[parent] += sizes[line];
        children.get(parent).add(new Child(forest.offset(line), signatures[line]));
      }
    }
  }

  private Signature signature(int line, List<Child> children) {
    TreeNode text = forest.text(line);
    long length = text.head().range().last() - text.first();
    long window = text.alias().map(alias -> alias.window().first()).orElse(0L);
    return new Signature(text.name(), length, text.head().priority(), text.head().nonVolatile(), text.head().type(),
        text.disabled(), text.unseen(), text.owner(), targets[line], window, List.copyOf(children));
  }

  private List<Integer> roots() {
    List<Integer> roots = new ArrayList<>(forest.groupRoots());
    roots.addAll(forest.sectionRoots());
    roots.sort(Comparator.comparingInt((Integer root) -> sizes[root]).reversed());
    return roots;
  }

  private void match(int root) {
    Set<Integer> shown = isGroup(root) ? shownByGroup : shownBySection;
    List<Integer> places = places(root, shown);
    if (places.size() == 1) {
      copies.add(root);
      shown.add(places.getFirst());
      for (int line = 0; line < sizes[root]; line++) {
        same[root + line] = places.getFirst() + line;
      }
    }
  }

  private List<Integer> places(int root, Set<Integer> shown) {
    List<Integer> free = alike.get(signatures[root]).stream()
        .filter(line -> forest.node(line).tree() != root && forest.offset(line) == forest.offset(root))
        .filter(line -> !copies.contains(forest.node(line).tree()) && !shown.contains(line))
        .toList();
    List<Integer> nested = free.stream().filter(line -> !forest.isRoot(line) && !hasUnseenParent(line)).toList();
    return nested.isEmpty() && !isGroup(root) ? free.stream().filter(this::isGroup).toList() : nested;
  }

  private boolean isGroup(int line) {
    return forest.isRoot(line) && (forest.sectionRoots().isEmpty() || line < forest.sectionRoots().getFirst());
  }

  private boolean hasUnseenParent(int line) {
    return forest.text(forest.node(line).parent()).unseen();
  }

  private int[] resolved() {
    return IntStream.range(0, forest.size()).map(this::resolved).toArray();
  }

  private int resolved(int line) {
    int found = line;
    while (same[found] != found) {
      found = same[found];
    }
    return found;
  }
}
