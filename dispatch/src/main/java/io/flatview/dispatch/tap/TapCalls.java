package io.flatview.dispatch.tap;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.TappedAccess;
import java.util.Arrays;

/**
 * Tells taps of a reader's accesses. A tap may access memory with the same reader, so each level of telling has a
 * record of its own. Confined to the reader's thread.
 */
public final class TapCalls {

  private static final System.Logger LOG = System.getLogger(TapCalls.class.getName());

  private Told[] told = {new Told()};
  private int depth;

  /** Nothing is being told. */
  public TapCalls() {}

  /**
   * An access was served.
   *
   * @param taps of the leaf at its first byte
   * @param more of the leaf at its last byte, if that is another, else {@link TapIndex#NONE}
   * @param space where the access arrived
   * @param region who answered
   * @param address lowest, unsigned
   * @param offset of the lowest address in the region, unsigned
   * @param size 1, 2, 4 or 8 bytes
   * @param access what was done
   * @param value what was read or written, zero-extended
   * @param beforeKnown whether {@code before} is known
   * @param before what memory held
   * @param result how it went
   */
  public void tell(
      TapIndex taps, TapIndex more, AddressSpace space, MemoryRegion region, long address, long offset, int size,
      Access access, long value, boolean beforeKnown, long before, MemTxResult result) {
    Told record = open();
    record.space = space;
    record.region = region;
    record.address = address;
    record.offset = offset;
    record.size = size;
    record.access = access;
    record.value = value;
    record.beforeKnown = beforeKnown;
    record.before = before;
    record.result = result;
    try {
      record.find(taps, more);
      for (int i = 0; i < record.matches.count(); i++) {
        TapPoint tap = record.matches.get(i);
        if (!tap.isRemoved() && record.concerns(tap)) {
          tell(tap, record);
        }
      }
    } finally {
      record.matches.clear();
      depth--;
    }
  }

  private Told open() {
    if (depth == told.length) {
      Told[] longer = Arrays.copyOf(told, depth + 1);
      longer[depth] = new Told();
      told = longer;
    }
    return told[depth++];
  }

  private static void tell(TapPoint tap, Told record) {
    try {
      tap.tap.accessed(record);
    } catch (RuntimeException e) {
      tap.remove();
      LOG.log(WARNING, tap + " failed and is called no more", e);
    }
  }

  /** What is being told at one level. */
  private static final class Told implements TappedAccess {

    private final TapMatches matches = new TapMatches();
    private AddressSpace space;
    private MemoryRegion region;
    private long address;
    private long offset;
    private int size;
    private Access access;
    private long value;
    private boolean beforeKnown;
    private long before;
    private MemTxResult result;

    void find(TapIndex taps, TapIndex more) {
      taps.find(address, address + size - 1, matches);
      if (more != TapIndex.NONE) {
        more.find(address, address + size - 1, matches);
      }
      matches.order();
    }

    boolean concerns(TapPoint tap) {
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
