package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.BankSelection;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.Translation;
import java.lang.foreign.MemorySegment;

/**
 * The one translation of a reader. Confined to the reader's thread, like all of its state.
 *
 * <p>A translation to the last leaf on its side of 4 GiB stores no reference, any other in the same space a single one:
 * the leaf. The leaf that answers is the last one near the final address, so it is found again by the address alone.
 * The properties of the leaf are read only when the user asks for them.
 *
 * <p>A leaf is immutable, and each access reads the leaf once and takes bounds, offset and memory from it: so they
 * belong together even if two threads use the reader.
 */
final class ReaderTranslation implements Translation {

  /** No address space. */
  static final Object NOWHERE = new Object();

  /**
   * The leaf that answered last below 4 GiB. Before the first lookup in a generation it is one with an empty range of
   * kept addresses.
   */
  private PhysSection lower;

  /** Likewise from 4 GiB on. */
  private PhysSection upper;

  /** The space in which both leaves were found, or {@link #NOWHERE}. */
  Object leafSpace = NOWHERE;

  long address;

  /** The length of the access, narrowed by IOMMUs but not by the leaf. */
  private long wanted;

  /** The bit of the kind of access. */
  private int kind;
  private DispatchedSpace space;
  private Fault fault = Fault.NONE;

  /** Whether the translation passed an IOMMU, whose answer may change within the generation. */
  private boolean forwarded;

  private final Sections sections;
  private final PhysSection nothing;

  /** Makes a translation without a result; {@code nothing} is a leaf with an empty range of kept addresses. */
  ReaderTranslation(Sections sections, PhysSection nothing) {
    this.sections = sections;
    this.nothing = nothing;
    this.lower = nothing;
    this.upper = nothing;
  }

  /** The leaf that answered last on the same side of 4 GiB as an address, whether or not it has the address. */
  PhysSection lastNear(long at) {
    return isLower(at) ? lower : upper;
  }

  private static boolean isLower(long at) {
    return at >>> Integer.SIZE == 0;
  }

  /** The leaf that answers. */
  private PhysSection leaf() {
    return lastNear(address);
  }

  void forget() {
    forgetLeaves();
    space = null;
  }

  private void forgetLeaves() {
    leafSpace = NOWHERE;
    lower = nothing;
    upper = nothing;
  }

  /** Sets the space to whose map the next leaf belongs. */
  void answerIn(Object asked) {
    if (leafSpace != asked) {
      forgetLeaves();
      leafSpace = asked;
      space = (DispatchedSpace) asked;
      fault = Fault.NONE;
      forwarded = false;
    }
  }

  /** Sets the space to which IOMMUs have led, and the leaf found there at the present address. */
  void forward(DispatchedSpace ofLastHop, PhysSection found) {
    end(ofLastHop, Fault.NONE);
    foundPerhapsAgain(found, address);
  }

  /** Sets the result for an access that an IOMMU in that space refuses: nothing answers at the present address. */
  PhysSection refuse(DispatchedSpace there, PhysSection unassigned, Fault why) {
    end(there, why);
    foundPerhapsAgain(unassigned, address);
    return unassigned;
  }

  /** Ends a walk through IOMMUs, whose leaf is no leaf of the space that was asked. */
  private void end(DispatchedSpace there, Fault why) {
    if (leafSpace != NOWHERE) {
      leafSpace = NOWHERE;
    }
    if (space != there) {
      space = there;
    }
    if (fault != why) {
      fault = why;
    }
    forwarded = true;
  }

  /** Sets the leaf that answers at an address, which differs from the last one near it. */
  void found(PhysSection found, long at) {
    if (isLower(at)) {
      lower = found;
    } else {
      upper = found;
    }
  }

  /** Sets the result for a space that the section's generation does not have: nothing answers. */
  void absent() {
    fault = Fault.NOT_IN_GENERATION;
  }

  /** Sets the leaf that answers at an address, which is often the last one; then nothing is stored. */
  void foundPerhapsAgain(PhysSection found, long at) {
    if (lastNear(at) != found) {
      found(found, at);
    }
  }

  /** Sets the final address, for an access of so many bytes. */
  void at(long to, long length, Access access) {
    address = to;
    wanted = length;
    kind = access.bit();
  }

  /** The length of the access, narrowed by IOMMUs. */
  long wanted() {
    return wanted;
  }

  /** The smaller of a length and the distance to a last byte, which counts itself. */
  static long narrowed(long length, long distance) {
    return Long.compareUnsigned(length - 1, distance) <= 0 ? length : distance + 1;
  }

  @Override
  public MemoryRegionSection section() {
    return leaf().section;
  }

  @Override
  public boolean isAssigned() {
    return !leaf().isHole();
  }

  /** The space where the access ends. Null only if another thread uses the same reader, and has cleared it. */
  DispatchedSpace there() {
    DispatchedSpace last = space;
    if (last == null) {
      throw Sections.shared();
    }
    return last;
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
    return address + leaf().toOffset;
  }

  @Override
  public long length() {
    return reach(leaf());
  }

  @Override
  public MemorySegment memory() {
    sections.requireInside();
    return segment(direct(leaf()));
  }

  @Override
  public MemorySegment selectedMemory() {
    sections.requireInside();
    return segment(served(leaf()));
  }

  @Override
  public BankSelection selection() {
    return leaf().way;
  }

  @Override
  public MemorySegment loggedMemory() {
    sections.requireInside();
    PhysSection answers = leaf();
    boolean logged = kind == Access.WRITE.bit() && !forwarded && answers.way == null && answers.storesMemory
        && !answers.taps().concern(Access.WRITE);
    return segment(logged ? answers.memory : direct(answers));
  }

  private static MemorySegment segment(RamBlock block) {
    return block == null ? null : block.segment();
  }

  /** The memory that serves the access for as long as the generation stands, or null. */
  private RamBlock direct(PhysSection answers) {
    return answers.way == null ? served(answers) : null;
  }

  /** The memory that serves the access as long as the generation stands and the selections on the way stay, or null. */
  private RamBlock served(PhysSection answers) {
    if (forwarded) {
      return null;
    }
    if (kind == Access.READ.bit()) {
      return answers.readable;
    }
    return kind == Access.WRITE.bit() ? answers.writable : answers.fetchable();
  }

  /** The number of bytes of the access that the leaf serves, from the translated address on. */
  long reach(PhysSection answers) {
    return narrowed(wanted, answers.last - address);
  }

  @Override
  public Fault fault() {
    return fault;
  }
}
