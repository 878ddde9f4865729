package io.flatview.dispatch.tap;

import io.flatview.dispatch.failure.Warnings;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.TappedAccess;
import java.util.Arrays;

/**
 * Calls watches before a reader's accesses, and taps after them. Either may access memory with the same reader, so
 * each level of nested calls has a record of its own. Confined to the reader's thread.
 */
public final class TapCalls {

  private TapCall[] calls = {new TapCall()};
  private int depth;

  /** Makes an object with no call under way. */
  public TapCalls() {}

  /**
   * Begins a call of watches or taps: the caller describes the access in the record, and calls {@link #end} at last.
   *
   * @return a record of this level
   */
  public TapCall begin() {
    if (depth == calls.length) {
      TapCall[] longer = Arrays.copyOf(calls, depth + 1);
      longer[depth] = new TapCall();
      calls = longer;
    }
    return calls[depth++];
  }

  /** Ends what {@link #begin} began. */
  public void end() {
    depth--;
    calls[depth].matches.clear();
  }

  /**
   * Calls the watches that an access touches, up to the first that stops it.
   *
   * @param access the access that is about to be made
   * @return true if it is not to be made
   */
  public static boolean stops(TapCall access) {
    for (int i = 0; i < access.matches.count(); i++) {
      TapPoint tap = access.matches.get(i);
      if (tap.watch != null && access.concerns(tap) && stops(tap, access)) {
        return true;
      }
    }
    return false;
  }

  private static boolean stops(TapPoint tap, TapCall access) {
    try {
      return tap.watch.stops(access);
    } catch (Exception e) { // also checked exceptions, which a tap can throw undeclared
      fails(tap, e);
      return false;
    }
  }

  /**
   * Calls the taps that an access touches.
   *
   * @param access the access that was made
   */
  public static void call(TapCall access) {
    for (int i = 0; i < access.matches.count(); i++) {
      TapPoint tap = access.matches.get(i);
      if (tap.tap != null && access.concerns(tap)) {
        call(tap, access);
      }
    }
  }

  private static void call(TapPoint tap, TapCall access) {
    try {
      tap.tap.accessed(access);
    } catch (Exception e) { // as above
      fails(tap, e);
    }
  }

  private static void fails(TapPoint tap, Exception e) {
    tap.remove();
    Warnings.log(TapCalls.class, tap, " failed and is called no more", e);
  }

  /** The description of an access, for the calls of one level. */
  public static final class TapCall implements TappedAccess {

    private final TapMatches matches = new TapMatches();
    private AddressSpace space;
    private MemoryRegion region;
    private long address;
    private long offset;
    private int size;
    private Access access;
    private long value;
    private boolean valueKnown;
    private boolean beforeKnown;
    private long before;
    private MemTxResult result;

    private TapCall() {}

    /**
     * Sets the addresses of the access, and finds the taps and watches there.
     *
     * @param taps the taps of the leaf at its first byte
     * @param more the taps of the leaf at its last byte, if that is another leaf, else {@link TapIndex#NONE}
     * @param in the address space in which the access arrived
     * @param by the region that answers
     * @param at the lowest address, unsigned
     * @param inRegion the offset of the lowest address in the region, unsigned
     * @param bytes the number of bytes
     * @param what the kind of access
     */
    public void at(
        TapSet taps, TapSet more, AddressSpace in, MemoryRegion by, long at, long inRegion, int bytes,
        Access what) {
      space = in;
      region = by;
      address = at;
      offset = inRegion;
      size = bytes;
      access = what;
      taps.find(at, at + bytes - 1, matches);
      if (more != TapIndex.NONE) {
        more.find(at, at + bytes - 1, matches);
      }
      matches.order();
    }

    /**
     * Sets the values that are read or written.
     *
     * @param known whether {@code read} is known
     * @param read the value that is read or written, zero-extended
     * @param heldKnown whether {@code held} is known
     * @param held the content of memory before
     * @param soFar the result so far
     */
    public void with(boolean known, long read, boolean heldKnown, long held, MemTxResult soFar) {
      valueKnown = known;
      value = read;
      beforeKnown = heldKnown;
      before = held;
      result = soFar;
    }

    private boolean concerns(TapPoint tap) {
      if (tap.isRemoved() || !valueKnown && tap.filter.dataMask() != 0) {
        return false;
      }
      return tap.region == null
          ? tap.space == space && tap.filter.passes(address, size, access, value)
          : tap.region == region && tap.filter.passes(offset, size, access, value);
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
    public MemoryRegion region() {
      return region;
    }

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public Access access() {
      return access;
    }

    @Override
    public long value() {
      return value;
    }

    @Override
    public boolean isBeforeKnown() {
      return beforeKnown;
    }

    @Override
    public long before() {
      return before;
    }

    @Override
    public MemTxResult result() {
      return result;
    }
  }
}
