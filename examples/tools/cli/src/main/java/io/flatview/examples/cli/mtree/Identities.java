package io.flatview.examples.cli.mtree;

import io.flatview.examples.cli.dump.RegionType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
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
  private final Set<Integer> copies = new HashSet<>();
  private final Places groups = new Places();
  private final Places sections = new Places();
  private final int firstSection;

  /** The value that a root must be equal to: everything below a line, and the place of the line in its parent. */
  private record Look(int signature, long offset) {}

  /**
   * The places that the roots of groups, or those of sections, may be copies of. A place that is taken, or stands in a
   * copy, never comes back: so each is passed over once.
   */
  private final class Places {
    private final Map<Look, Deque<Integer>> nested = new HashMap<>();
    private final Map<Look, Deque<Integer>> roots = new HashMap<>();

    void add(int line) {
      Look look = look(line);
      if (!forest.isRoot(line)) {
        nested.computeIfAbsent(look, _ -> new ArrayDeque<>()).add(line);
      } else if (isGroup(line)) {
        roots.computeIfAbsent(look, _ -> new ArrayDeque<>()).add(line);
      }
    }

    /** The only place that is left for a root, or {@link Forest#NONE}. */
    int only(int root) {
      Deque<Integer> inside = free(nested.get(look(root)), root);
      Deque<Integer> found = inside.isEmpty() && !isGroup(root) ? free(roots.get(look(root)), root) : inside;
      return found.size() == 1 ? found.removeFirst() : Forest.NONE;
    }

    /** Drops from the front what is gone; of those behind the second it does not matter. */
    private Deque<Integer> free(Deque<Integer> places, int root) {
      Deque<Integer> kept = places == null ? new ArrayDeque<>() : places;
      List<Integer> first = new ArrayList<>();
      while (!kept.isEmpty() && first.size() < 2) {
        int line = kept.removeFirst();
        if (!copies.contains(forest.node(line).tree())) {
          first.add(line);
        }
      }
      first.reversed().forEach(kept::addFirst);
      return kept;
    }
  }

  private Identities(Forest forest, int[] targets) {
    this.forest = forest;
    this.targets = targets;
    this.signatures = new int[forest.size()];
    this.sizes = new int[forest.size()];
    this.same = IntStream.range(0, forest.size()).toArray();
    this.firstSection = forest.sectionRoots().isEmpty() ? Integer.MAX_VALUE : forest.sectionRoots().getFirst();
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
    identities.place();
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
      if (!forest.isRoot(line)) {
        int parent = forest.node(line).parent();
        sizes[parent] += sizes[line];
        children.get(parent).add(new Child(forest.offset(line), signatures[line]));
      }
    }
  }

  private Look look(int line) {
    return new Look(signatures[line], forest.offset(line));
  }

  private void place() {
    for (int line = 0; line < forest.size(); line++) {
      if (forest.isRoot(line) || !hasUnseenParent(line)) {
        groups.add(line);
        sections.add(line);
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
    int place = (isGroup(root) ? groups : sections).only(root);
    if (place != Forest.NONE) {
      copies.add(root);
      for (int line = 0; line < sizes[root]; line++) {
        same[root + line] = place + line;
      }
    }
  }

  private boolean isGroup(int line) {
    return forest.isRoot(line) && line < firstSection;
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
