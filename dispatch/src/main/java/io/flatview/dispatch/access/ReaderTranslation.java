package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.tap.TapPoint;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.Translation;
import java.lang.foreign.MemorySegment;

/**
 * The one translation of a reader. Confined to the reader's thread, like all of its state.
 *
 * <p>A translation that repeats the last one stores no reference, and one that leads elsewhere a single one: the leaf.
 * What the leaf can tell is asked of it only when the user asks.
 */
final class ReaderTranslation implements Translation {

  /** Who answers. */
  PhysSection leaf;

  long address;

  /** How long the access is, narrowed by IOMMUs but not by the leaf. */
  private long wanted;

  private boolean reads;
  private boolean assigned;
  private DispatchedSpace space;
  private Fault fault;

  /** Whether an IOMMU has led here: what it says may change within the generation. */
  private boolean forwarded;

  void forget() {
    leaf = null;
    space = null;
  }

  /** The space in which the address was given. */
  void in(DispatchedSpace asked) {
    space = asked;
    fault = Fault.NONE;
    forwarded = false;
  }

  /** Who answers, if anybody does, in the space that IOMMUs have led to. */
  void forward(DispatchedSpace ofLastHop, PhysSection found, boolean answers) {
    end(ofLastHop, Fault.NONE);
    arrive(found, answers);
  }

  /** Nobody answers: an IOMMU in that space has the last word. */
  PhysSection refuse(DispatchedSpace there, PhysSection unassigned, Fault why) {
    end(there, why);
    arrive(unassigned, false);
    return unassigned;
  }

  private void end(DispatchedSpace there, Fault why) {
    if (space != there) {
      space = there;
    }
    if (fault != why) {
      fault = why;
    }
    forwarded = true;
  }

  /** Somebody answers, and not the one before. */
  void arrive(PhysSection found) {
    assigned = true;
    leaf = found;
  }

  void arrive(PhysSection found, boolean answers) {
    assigned = answers;
    if (leaf != found) {
      leaf = found;
    }
  }

  void at(long to, long length, Access access) {
    address = to;
    wanted = length;
    reads = access == Access.READ;
  }

  /** How long the access is as far as IOMMUs let it be. */
  long wanted() {
    return wanted;
  }

  /** The smaller of a length and the distance to a last byte, which counts itself. */
  static long narrowed(long length, long distance) {
    return Long.compareUnsigned(length - 1, distance) <= 0 ? length : distance + 1;
  }

  @Override
  public MemoryRegionSection section() {
    return leaf.section;
  }

  @Override
  public boolean isAssigned() {
    return assigned;
  }

  @Override
  public AddressSpace addressSpace() {
    return space;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public long offset() {
    return address + leaf.toOffset;
  }

  /**
   * Memory ends an access at the end of its section; a device gets it whole. What ends before is asked first, since
   * that is nearly always true, and whether memory answers is anyone's guess.
   */
  @Override
  public long length() {
    long distance = leaf.last - address;
    if (Long.compareUnsigned(wanted - 1, distance) <= 0) {
      return wanted;
    }
    boolean narrows = reads ? leaf.narrowsReads : leaf.narrowsWrites;
    return narrows ? distance + 1 : wanted;
  }

  @Override
  public MemorySegment memory() {
    RamBlock block = direct(reads ? Access.READ : Access.WRITE);
    return block == null ? null : block.segment();
  }

  @Override
  public MemorySegment loggedMemory() {
    MemorySegment direct = memory();
    return direct == null && !reads && !forwarded && leaf.storesMemory && leaf.taps == TapPoint.NONE
        ? leaf.memory.segment()
        : direct;
  }

  /** The memory that serves such an access for as long as the generation stands, or null. */
  RamBlock direct(Access access) {
    if (forwarded) {
      return null;
    }
    return access == Access.READ ? leaf.readable : leaf.writable;
  }

  @Override
  public Fault fault() {
    return fault;
  }
}
