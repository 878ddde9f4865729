package io.flatview.dispatch.generation;

import io.flatview.dispatch.pagetable.PhysPageMap;
import io.flatview.dispatch.view.RenderedView;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.rcu.RcuReference;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.Supplier;

/** An address space as readers know it: in each generation of one memory system it has a slot, or is absent. */
public abstract class DispatchedSpace implements AddressSpace {

  private final RcuReference<Generation> generations;

  private final AddressSpaceOptions options;
  private final long lastAddress;

  /**
   * The latest stay. It is stored before the first generation that it is for is published, so readers of that
   * generation see it.
   */
  private volatile Stay stay = Stay.NOWHERE;

  /**
   * Makes a space that is in no generation yet.
   *
   * @param generations the generations of its memory system
   * @param options the options of the space
   */
  protected DispatchedSpace(RcuReference<Generation> generations, AddressSpaceOptions options) {
    this.generations = generations;
    this.options = options;
    this.lastAddress = options.lastAddress();
  }

  @Override
  public final AddressSpaceOptions options() {
    return options;
  }

  /**
   * The last address, which is also the mask of the address bits that are decoded.
   *
   * @return the address, unsigned
   */
  public final long lastAddress() {
    return lastAddress;
  }

  /**
   * The page map in a generation.
   *
   * @param generation a generation that the caller may read
   * @return an empty one if the space was opened later or closed before
   */
  public final PhysPageMap map(Generation generation) {
    return generation.map(stay.in(generation));
  }

  /**
   * The view in a generation.
   *
   * @param generation a generation that the caller may read
   * @return an empty one if the space was opened later or closed before
   */
  public final RenderedView view(Generation generation) {
    return generation.view(stay.in(generation));
  }

  /**
   * The view in the generation in force, for a thread that is in no section and does not hold the map's lock.
   *
   * <p>Such a thread may lag behind between its looks at the generation and at the stay: a later commit may have moved
   * the space since, and its grace period may have ended, which cuts the link to the stay of the generation. So the
   * generation is looked at once more: if it is still in force, no later commit was published when the link was
   * followed, and nothing was cut. The fence keeps the second look behind that; it pairs with the release store of the
   * next generation, which precedes its grace period. Forbidden: a space that shows something appears empty.
   *
   * @param inForce loads the generation in force, with acquire order
   * @return the view
   */
  public final RenderedView view(Supplier<Generation> inForce) {
    Generation seen = inForce.get();
    while (true) {
      RenderedView view = view(seen);
      VarHandle.loadLoadFence();
      Generation now = inForce.get();
      if (now == seen) {
        return view;
      }
      seen = now;
    }
  }

  /**
   * Whether the space is in a generation.
   *
   * @param generation a generation that the caller may read
   * @return false if it was opened later or closed before
   */
  public final boolean isIn(Generation generation) {
    return stay.in(generation) != Generation.NO_SLOT;
  }

  /**
   * The latest stay.
   *
   * @return the stay to which the writer adds the next one
   */
  public final Stay stay() {
    return stay;
  }

  /**
   * Sets the slot of the space from the next generation on, before that is published. Readers of earlier generations
   * follow the link to the stay before.
   *
   * @param next the stay that follows {@link #stay()}
   */
  public final void moveTo(Stay next) {
    stay = next;
  }

  /**
   * Finds the implementation of an address space.
   *
   * @param space an address space
   * @param generations the generations of the memory system that it must belong to
   * @return the same space
   * @throws IllegalArgumentException if it belongs to another memory system
   */
  public static DispatchedSpace in(RcuReference<Generation> generations, AddressSpace space) {
    if (space instanceof DispatchedSpace own && own.generations == generations) {
      return own;
    }
    throw new IllegalArgumentException("address space '" + Objects.requireNonNull(space, "space").name()
        + "' belongs to another memory system; use a reader of that one");
  }
}
