package io.flatview.dispatch.generation;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.rcu.RcuReference;

/** An address space as readers know it: a slot of the generations of one memory system. */
public abstract class DispatchedSpace implements AddressSpace {

  private final RcuReference<Generation> generations;

  private final AddressSpaceOptions options;
  private final long lastAddress;

  /** Plain on purpose; see {@link #vacate()}. */
  private int slot;

  /**
   * A space.
   *
   * @param generations of its memory system
   * @param slot its own until no reader can see it
   * @param options how wide its addresses are
   */
  protected DispatchedSpace(RcuReference<Generation> generations, int slot, AddressSpaceOptions options) {
    this.generations = generations;
    this.slot = slot;
    this.options = options;
    this.lastAddress = options.lastAddress();
  }

  @Override
  public final AddressSpaceOptions options() {
    return options;
  }

  /**
   * The last address, and the mask of the bits that count.
   *
   * @return unsigned
   */
  public final long lastAddress() {
    return lastAddress;
  }

  /**
   * The slot.
   *
   * @return its number
   */
  public final int slot() {
    return slot;
  }

  /**
   * Leaves the slot to another space, when no reader can see a generation in which this one held it. The store happens
   * before the slot is taken again, and so before the generation is published in which another space holds it: a reader
   * that acquires that generation reads the new value. In a generation between the two, either value leads to an empty
   * map.
   */
  public final void vacate() {
    slot = Generation.NO_SLOT;
  }

  /**
   * Finds the implementation of an address space.
   *
   * @param space any
   * @param generations of the memory system that it must belong to
   * @return the implementation
   * @throws IllegalArgumentException if it belongs to another memory system
   */
  public static DispatchedSpace in(RcuReference<Generation> generations, AddressSpace space) {
    if (space instanceof DispatchedSpace own && own.generations == generations) {
      return own;
    }
    throw new IllegalArgumentException("address space '" + (space == null ? null : space.name())
        + "' belongs to another memory system; use a reader of that one");
  }
}
