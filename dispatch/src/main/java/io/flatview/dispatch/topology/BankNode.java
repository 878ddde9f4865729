package io.flatview.dispatch.topology;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * Shows one of its variants. These are its children, and the number of one is its priority.
 *
 * <h2>Selections</h2>
 *
 * <p>{@link #selected} alone decides what shows: a reader that keeps any part of a variant keeps the selected number
 * with it, and compares it at each access. So a selection is one store.
 *
 * <p>The store is volatile, and the loads acquire it: a thread that sees the selection sees all earlier writes of the
 * selecting thread. The store is volatile, and not only a release, for the sake of {@link Banks}: the selecting thread
 * stores the number and then reads whether selections are to be commits; the thread that makes them commits stores that
 * and then reads the selected number, to render it. One of the two sees the other's store.
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

  /** The variants by number; replaced when {@link #children} are not those that it was made from. */
  private volatile Variants variants = new Variants(ChildIndex.EMPTY, new RegionNode[0]);

  private record Variants(ChildIndex of, RegionNode[] byNumber) {}

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
      RegionNode[] byNumber = new RegionNode[count];
      present.meeting(0, -1, entry -> byNumber[entry.priority] = entry.child);
      known = new Variants(present, byNumber);
      variants = known;
    }
    return known.byNumber;
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
    if (!topology().banks().areTold()) {
      store(number);
    }
    if (topology().banks().areTold()) {
      topology().owner().select(this, number);
    }
  }

  void store(int number) {
    SELECTED.setVolatile(this, number);
  }

  /**
   * Whether views have the selected variant in the bank's place; for a holder of the topology's lock.
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
