package io.flatview.dispatch.view;

import io.flatview.dispatch.few.Few;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sections in ascending address order: an immutable B-tree. Replacing some of them makes a new tree that shares with
 * the old one all nodes but those above the change.
 *
 * <p>All leaves are equally deep. When a node has shrunk to a few entries, it is joined with a neighbour in the same
 * parent if both fit into one node, so that a shrinking tree gets flatter. Nodes have no minimum size.
 */
final class SectionTree {

  static final SectionTree EMPTY = new SectionTree(new Leaf(new MemoryRegionSection[0]));

  /** The largest number of entries in a node. */
  private static final int WIDTH = 32;

  /** Neighbours that have at most this many entries together are joined, so that some room is left for additions. */
  private static final int JOINED = WIDTH - 8;

  /** Part of a tree. */
  private sealed interface Node {

    int size();

    long first();

    /** The number of entries of the node itself. */
    int width();

    /** The number of sections that begin before an address, or, if {@code ended}, that end before it. */
    int countBefore(long address, boolean ended);

    MemoryRegionSection get(int index);

    /** The only section that can hold an address; null if there is none. */
    MemoryRegionSection at(long address);

    void copyTo(int from, int to, List<MemoryRegionSection> into);

    /** Adds the sections that overlap a range to a list of {@link Few}. */
    List<MemoryRegionSection> meeting(long first, long last, List<MemoryRegionSection> found);

    /**
     * This node with the sections that overlap a range replaced; null if neighbours, or the number of nodes, may change
     * with it.
     */
    Node patched(long first, long last, List<MemoryRegionSection> by);

    /** The nodes of the same depth that replace this node after such a replacement; possibly none. */
    List<Node> replace(long first, long last, List<MemoryRegionSection> by);

    /** Joins this node and its right neighbour. */
    Node join(Node right);
  }

  private record Leaf(MemoryRegionSection[] sections) implements Node {

    @Override
    public int size() {
      return sections.length;
    }

    @Override
    public long first() {
      return sections[0].range().first();
    }

    @Override
    public int width() {
      return sections.length;
    }

    @Override
    public int countBefore(long address, boolean ended) {
      int low = 0;
      int high = sections.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        long bound = ended ? sections[middle].range().last() : sections[middle].range().first();
        if (Long.compareUnsigned(bound, address) < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    /** The number of sections that begin at an address or before it. */
    private int countTo(long last) {
      return last == -1 ? sections.length : countBefore(last + 1, false);
    }

    @Override
    public MemoryRegionSection get(int index) {
      return sections[index];
    }

    @Override
    public MemoryRegionSection at(long address) {
      int index = countBefore(address, true);
      return index == sections.length ? null : sections[index];
    }

    @Override
    public void copyTo(int from, int to, List<MemoryRegionSection> into) {
      for (int i = from; i < to; i++) {
        into.add(sections[i]);
      }
    }

    @Override
    public List<MemoryRegionSection> meeting(long first, long last, List<MemoryRegionSection> found) {
      List<MemoryRegionSection> all = found;
      for (int i = countBefore(first, true);
          i < sections.length && Long.compareUnsigned(sections[i].range().first(), last) <= 0; i++) {
        all = Few.with(all, sections[i]);
      }
      return all;
    }

    @Override
    public Node patched(long first, long last, List<MemoryRegionSection> by) {
      int from = countBefore(first, true);
      int to = countTo(last);
      int size = sections.length - (to - from) + by.size();
      return size > 0 && size <= WIDTH ? spliced(from, to, by, size) : null;
    }

    @Override
    public List<Node> replace(long first, long last, List<MemoryRegionSection> by) {
      int from = countBefore(first, true);
      int to = countTo(last);
      int size = sections.length - (to - from) + by.size();
      return size == 0 ? List.of() : size <= WIDTH ? List.of(spliced(from, to, by, size)) : split(from, to, by, size);
    }

    private Leaf spliced(int from, int to, List<MemoryRegionSection> by, int size) {
      MemoryRegionSection[] all = Arrays.copyOf(sections, size);
      for (int i = 0; i < by.size(); i++) {
        all[from + i] = by.get(i);
      }
      System.arraycopy(sections, to, all, from + by.size(), sections.length - to);
      return new Leaf(all);
    }

    private List<Node> split(int from, int to, List<MemoryRegionSection> by, int size) {
      List<MemoryRegionSection> all = new ArrayList<>(size);
      copyTo(0, from, all);
      all.addAll(by);
      copyTo(to, sections.length, all);
      return leaves(all);
    }

    @Override
    public Node join(Node right) {
      Leaf other = (Leaf) right;
      MemoryRegionSection[] both = Arrays.copyOf(sections, sections.length + other.sections.length);
      System.arraycopy(other.sections, 0, both, sections.length, other.sections.length);
      return new Leaf(both);
    }
  }

  /** An inner node, with the first address of each child. */
  private record Inner(Node[] children, long[] firsts, int size) implements Node {

    static Inner of(List<Node> nodes) {
      Node[] children = nodes.toArray(Node[]::new);
      long[] firsts = new long[children.length];
      int size = 0;
      for (int i = 0; i < children.length; i++) {
        firsts[i] = children[i].first();
        size += children[i].size();
      }
      return new Inner(children, firsts, size);
    }

    @Override
    public long first() {
      return firsts[0];
    }

    @Override
    public int width() {
      return children.length;
    }

    @Override
    public int countBefore(long address, boolean ended) {
      int child = childAt(address);
      int before = 0;
      for (int i = 0; i < child; i++) {
        before += children[i].size();
      }
      return before + children[child].countBefore(address, ended);
    }

    /** The last child that begins at or before an address; the first child if there is none. */
    private int childAt(long address) {
      int low = 0;
      int high = children.length - 1;
      while (low < high) {
        int middle = (low + high + 1) >>> 1;
        if (Long.compareUnsigned(firsts[middle], address) <= 0) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return low;
    }

    @Override
    public MemoryRegionSection at(long address) {
      return children[childAt(address)].at(address);
    }

    @Override
    public List<MemoryRegionSection> meeting(long first, long last, List<MemoryRegionSection> found) {
      int child = childAt(first);
      List<MemoryRegionSection> all = children[child].meeting(first, last, found);
      for (int i = child + 1; i < children.length && Long.compareUnsigned(firsts[i], last) <= 0; i++) {
        all = children[i].meeting(first, last, all);
      }
      return all;
    }

    @Override
    public MemoryRegionSection get(int index) {
      int child = 0;
      int within = index;
      while (within >= children[child].size()) {
        within -= children[child++].size();
      }
      return children[child].get(within);
    }

    @Override
    public void copyTo(int from, int to, List<MemoryRegionSection> into) {
      int start = 0;
      for (int i = 0; start < to; i++) {
        int end = start + children[i].size();
        if (from < end) {
          children[i].copyTo(Math.max(from - start, 0), Math.min(to, end) - start, into);
        }
        start = end;
      }
    }

    @Override
    public Node patched(long first, long last, List<MemoryRegionSection> by) {
      int child = childAt(first);
      if (child + 1 < children.length && Long.compareUnsigned(firsts[child + 1], last) <= 0) {
        return null;
      }
      Node patched = children[child].patched(first, last, by);
      return patched != null && standsAlone(patched, child) ? with(patched, child) : null;
    }

    @Override
    public List<Node> replace(long first, long last, List<MemoryRegionSection> by) {
      int firstChild = childAt(first);
      int lastChild = childAt(last);
      List<Node> all = new ArrayList<>(Arrays.asList(children).subList(0, firstChild));
      append(all, children[firstChild].replace(first, last, by));
      if (lastChild > firstChild) {
        append(all, children[lastChild].replace(first, last, List.of()));
      }
      append(all, Arrays.asList(children).subList(lastChild + 1, children.length));
      return inners(all);
    }

    /**
     * Whether a node, in the place of a child, need not be joined with a neighbour. The neighbours are looked at only
     * if the node has shrunk and is small, as they would have to be fetched from memory.
     */
    private boolean standsAlone(Node node, int child) {
      return node.width() > JOINED / 2 || node.width() >= children[child].width()
          || (child == 0 || children[child - 1].width() + node.width() > JOINED)
          && (child == children.length - 1 || node.width() + children[child + 1].width() > JOINED);
    }

    /** A copy with another child. It does not read the other children, since each would be fetched from memory. */
    private Inner with(Node node, int child) {
      Node[] copy = children.clone();
      copy[child] = node;
      return new Inner(copy, withFirst(node.first(), child), size - children[child].size() + node.size());
    }

    /** The first addresses with another one for a child: mostly the same, which both nodes then share. */
    private long[] withFirst(long first, int child) {
      if (first == firsts[child]) {
        return firsts;
      }
      long[] copy = firsts.clone();
      copy[child] = first;
      return copy;
    }

    /** Appends nodes; the first of them is joined with the last present one if both fit into one node. */
    private static void append(List<Node> all, List<Node> more) {
      for (int i = 0; i < more.size(); i++) {
        Node next = more.get(i);
        if (i < 2 && !all.isEmpty() && all.getLast().width() + next.width() <= JOINED) {
          all.set(all.size() - 1, all.getLast().join(next));
        } else {
          all.add(next);
        }
      }
    }

    @Override
    public Node join(Node right) {
      List<Node> both = new ArrayList<>(Arrays.asList(children));
      both.addAll(Arrays.asList(((Inner) right).children));
      return of(both);
    }
  }

  private final Node root;

  private SectionTree(Node root) {
    this.root = root;
  }

  static SectionTree of(List<MemoryRegionSection> sections) {
    return under(leaves(sections));
  }

  private static SectionTree under(List<Node> nodes) {
    List<Node> level = nodes;
    while (level.size() > 1) {
      level = inners(level);
    }
    if (level.isEmpty()) {
      return EMPTY;
    }
    Node top = level.getFirst();
    while (top instanceof Inner inner && inner.children.length == 1) {
      top = inner.children[0];
    }
    return new SectionTree(top);
  }

  private static List<Node> leaves(List<MemoryRegionSection> all) {
    List<Node> leaves = new ArrayList<>(1);
    int nodes = (all.size() + WIDTH - 1) / WIDTH;
    for (int i = 0; i < nodes; i++) {
      leaves.add(new Leaf(all.subList(share(all, i, nodes), share(all, i + 1, nodes))
          .toArray(new MemoryRegionSection[0])));
    }
    return leaves;
  }

  private static List<Node> inners(List<Node> all) {
    List<Node> inners = new ArrayList<>(1);
    int nodes = (all.size() + WIDTH - 1) / WIDTH;
    for (int i = 0; i < nodes; i++) {
      inners.add(Inner.of(all.subList(share(all, i, nodes), share(all, i + 1, nodes))));
    }
    return inners;
  }

  /** The index at which the entries of the {@code i}-th of several nodes begin. */
  private static int share(List<?> all, int i, int nodes) {
    return (int) ((long) all.size() * i / nodes);
  }

  int size() {
    return root.size();
  }

  MemoryRegionSection get(int index) {
    return root.get(index);
  }

  /** The number of sections that begin before an address; 0 for address 0. */
  int beginningBefore(long address) {
    return size() == 0 ? 0 : root.countBefore(address, false);
  }

  /** The number of sections that end before an address. */
  int endingBefore(long address) {
    return size() == 0 ? 0 : root.countBefore(address, true);
  }

  /** The section that holds an address, or null. */
  MemoryRegionSection at(long address) {
    MemoryRegionSection found = size() == 0 ? null : root.at(address);
    return found != null && found.range().contains(address) ? found : null;
  }

  List<MemoryRegionSection> slice(int from, int to) {
    List<MemoryRegionSection> slice = new ArrayList<>(to - from);
    if (from < to) {
      root.copyTo(from, to, slice);
    }
    return slice;
  }

  /** The sections that overlap or touch a range, in a list of {@link Few}. */
  List<MemoryRegionSection> touching(long first, long last) {
    return size() == 0
        ? List.of()
        : root.meeting(first == 0 ? 0 : first - 1, last == -1 ? -1 : last + 1, List.of());
  }

  /** A tree in which the sections that overlap a range are replaced by others, which fit in between. */
  SectionTree replace(long first, long last, List<MemoryRegionSection> by) {
    if (size() == 0) {
      return of(by);
    }
    Node patched = root.patched(first, last, by);
    return patched == null ? under(root.replace(first, last, by)) : new SectionTree(patched);
  }
}
