package io.flatview.dispatch.topology;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Shows one of its variants. The variants are its children; a child's priority is the number of the variant.
 *
 * <h2>Selections</h2>
 *
 * <p>{@link #selected} alone decides what shows: a reader that keeps any part of a variant keeps the selected number
 * with it, and compares it at each access. So a selection is one store.
 *
 * <p>The store is volatile, and the loads acquire it: a thread that sees the selection sees all earlier writes of the
 * selecting thread. A release would not be enough, for the sake of {@link Banks}: the selecting thread stores the
 * number and then reads whether selections must be commits; the thread that makes selections commits stores that flag
 * and then reads the number, to render it. As all four accesses are volatile, one of the two threads sees the other's
 * store.
 */
public final class BankNode extends ParentNode implements MemoryRegion.Bank {

  private static final VarHandle SELECTED;

  static {
    try {
      SELECTED = MethodHandles.lookup().findVarHandle(BankNode.class, "selected", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int count;

  /** Accessed through {@link #SELECTED} only. */
  private int selected = NONE;

  /** The variants by number; valid as long as {@link #children} is the index from which they were made. */
  private volatile Variants variants = new Variants(ChildIndex.EMPTY, new RegionNode[0]);

  /**
   * The variants of one state of the children. Successive objects may share the array, which is written under the
   * map's lock.
   */
  private record Variants(ChildIndex of, RegionNode[] byNumber) {}

  /** The variants after a change, allocated before the change is made, so that making it only stores references. */
  record Renumbering(BankNode bank, Variants variants, int number, RegionNode variant) {

    void make() {
      variants.byNumber[number] = variant;
      bank.variants = variants;
    }
  }

  BankNode(Topology topology, String name, Size size, int count) {
    super(topology, name, size);
    this.count = count;
  }

  @Override
  public boolean answers() {
    return false;
  }

  @Override
  public int variants() {
    return count;
  }

  @Override
  public Optional<MemoryRegion> variant(int number) {
    requireNumber(number);
    return Optional.ofNullable(variantNode(number)).map(RegionNode::region);
  }

  /**
   * The node of a variant.
   *
   * @param number the number of a variant, or {@link #NONE}
   * @return null if there is none
   */
  public RegionNode variantNode(int number) {
    RegionNode[] byNumber = byNumber();
    return number >= 0 && number < byNumber.length ? byNumber[number] : null;
  }

  private RegionNode[] byNumber() {
    ChildIndex present = children;
    Variants known = variants;
    if (known.of != present) {
      known = new Variants(present, numbered(present));
      variants = known;
    }
    return known.byNumber;
  }

  private static RegionNode[] numbered(ChildIndex children) {
    List<ChildIndex.Entry> entries = children.meeting(0, -1);
    int end = 0;
    for (ChildIndex.Entry entry : entries) {
      end = Math.max(end, entry.priority + 1);
    }
    RegionNode[] byNumber = new RegionNode[end];
    for (ChildIndex.Entry entry : entries) {
      byNumber[entry.priority] = entry.child;
    }
    return byNumber;
  }

  /**
   * The variants after a change of one of a bank's variants; null for other changes, or if the variants are not known.
   * Without it, the variants would be collected from all children after each change.
   *
   * @return null if there is nothing to do
   */
  static Renumbering of(Change.OfState change) {
    return change.parent() instanceof BankNode bank && bank.variants.of == change.childrenBefore()
        ? bank.after(change)
        : null;
  }

  private Renumbering after(Change.OfState change) {
    boolean stays = change.after().parent() == this;
    int number = stays ? change.after().priority() : change.before().priority();
    RegionNode[] byNumber = variants.byNumber;
    if (number >= byNumber.length) {
      byNumber = Arrays.copyOf(byNumber, Math.min(count, 2 * number + 1));
    }
    return new Renumbering(
        this, new Variants(change.childrenAfter(), byNumber), number, stays ? change.node() : null);
  }

  @Override
  public int selected() {
    return (int) SELECTED.getAcquire(this);
  }

  @Override
  public void select(int number) {
    if (number < NONE || number >= count) {
      requireNumber(number);
    }
    if (!topology().banks().commitsSelections()) {
      store(number);
    }
    if (topology().banks().commitsSelections()) {
      topology().owner().select(this, number);
    }
  }

  void store(int number) {
    SELECTED.setVolatile(this, number);
  }

  /**
   * Whether views have the selected variant in the bank's place. Only the holder of the map's lock may call this.
   *
   * @return true if a listener wants to be called for selections
   */
  public boolean isRendered() {
    return topology().banks().areRendered();
  }

  private void requireNumber(int number) {
    if (number < 0 || number >= count) {
      throw new IndexOutOfBoundsException(
          "variant " + number + " of bank " + this + ", which has 0 to " + (count - 1));
    }
  }
}
