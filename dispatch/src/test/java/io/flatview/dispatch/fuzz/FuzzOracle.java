package io.flatview.dispatch.fuzz;

import io.flatview.memory.Access;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MemTxResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The effect of accesses, from the rules alone: the owner of each byte of the map, and its value. */
final class FuzzOracle {

  private static final int WORD = 4;

  /** Ways to be wrong, which the fuzzer must notice. */
  enum Bent {
    NOTHING, STOPS_AFTER_A_FAILURE, FORGETS_FAILURES, TAKES_INVALID, WRITES_ROM, CROSSES_WHOLE, STEPS_BY_ONE,
    ASKS_THE_DEVICE_IN_ROM_MODE, CHANGES_WHAT_IS_NOT_ALIGNED, CHANGES_DEVICES, CROSSES_BLOCKS, GRANTS_EVERYTHING,
    CUTS_UNDER_OVERLAYS, SEES_PAST_WINDOWS, ENDS_WHERE_ADDRESSES_WRAP,
    CROSSES_THE_LAST_ADDRESS, TAKES_SIZES_FOR_A_RANGE,
    PASSES_THROUGH_ANY_IOMMU, PASSES_OVER_WHAT_LIES_OVER_A_DEVICE, PREDICTS_BY_THE_FIRST_BYTE,
    FETCHES_ANYWAY, TAKES_FETCHES_FOR_LOADS, MISSES_A_TOLD_BYTE, TELLS_WHAT_IS_STOPPED, STOPS_NOTHING, STOPS_BYTES
  }

  private final FuzzPiece[] owners;
  private final List<FuzzTap> taps;
  private final List<String> told = new ArrayList<>();
  private AddressSpace space;
  private final Bent bent;
  private final FuzzHop hop;
  private boolean hopping;

  /** The address lines of the space; -1 for all. */
  private int lines;

  private MemTxResult result = MemTxResult.OK;

  FuzzOracle(List<FuzzPiece> pieces, List<FuzzTap> taps, int size, FuzzHop hop, Bent bent) {
    this.taps = taps;
    this.bent = bent;
    this.hop = hop;
    owners = new FuzzPiece[size];
    pieces.forEach(piece -> Arrays.fill(owners, piece.from(), piece.to(), piece));
  }

  MemTxResult result() {
    return result;
  }

  /** An access begins, at once or through the IOMMU, on a bus with some address lines. */
  void begin(AddressSpace arrivesIn, boolean throughHop, int addressLines) {
    space = arrivesIn;
    told.clear();
    hopping = throughHop;
    lines = addressLines;
    result = MemTxResult.OK;
  }

  /** The calls of taps for the access, a line for each byte and tap; in no order. */
  List<String> told() {
    return told.stream().sorted().toList();
  }

  static String line(int tap, Access access, long address, long value) {
    return tap + ": " + access + " " + Long.toHexString(address) + " = " + Long.toHexString(value & 0xff);
  }

  private boolean isStopped(int at, int size, Access access) {
    boolean stopped = bent != Bent.STOPS_NOTHING
        && taps.stream().anyMatch(tap -> tap.stops && touches(tap, at, bent == Bent.STOPS_BYTES ? 1 : size, access));
    if (stopped) {
      fail(MemTxResult.STOPPED);
    }
    return stopped && bent != Bent.TELLS_WHAT_IS_STOPPED;
  }

  private boolean touches(FuzzTap tap, int at, int size, Access access) {
    return at >= 0 && IntStream.range(at, at + size).anyMatch(each -> touches(tap, owner(at), each, access));
  }

  /** Whether a byte concerns a tap; all bytes of an access are for what answers at the first. */
  private boolean touches(FuzzTap tap, FuzzPiece by, int at, Access access) {
    Access seen = access == Access.FETCH && bent == Bent.TAKES_FETCHES_FOR_LOADS ? Access.READ : access;
    return tap.concerns(space, by, at, seen);
  }

  private void tell(int at, int size, Access access, long value) {
    int end = bent == Bent.MISSES_A_TOLD_BYTE && size > 2 ? size - 1 : size;
    for (int number = 0; number < taps.size(); number++) {
      for (int i = 0; i < end; i++) {
        if (at >= 0 && !taps.get(number).stops && touches(taps.get(number), owner(at), at + i, access)) {
          told.add(line(number, access, at + i, value >>> 8 * i));
        }
      }
    }
  }

  private void fail(MemTxResult failure) {
    result = bent == Bent.FORGETS_FAILURES ? failure : result.or(failure);
  }

  // Where an access arrives

  /** In the map; -1 is refused on the way. */
  private int target(int address, Access access) {
    if (!hopping) {
      return bent == Bent.ENDS_WHERE_ADDRESSES_WRAP ? address : address & lines;
    }
    if (hop.refuses(access) && bent != Bent.PASSES_THROUGH_ANY_IOMMU) {
      return -1;
    }
    int target = hop.target(address, access);
    return target < 0 && bent == Bent.GRANTS_EVERYTHING ? hop.target(address, other(access)) : target;
  }

  private static Access other(Access access) {
    return access == Access.READ ? Access.WRITE : Access.READ;
  }

  private FuzzPiece owner(int at) {
    return at >= 0 && at < owners.length ? owners[at] : null;
  }

  /** How many bytes from an address on are of the same section. */
  private int reach(int at) {
    int end = at;
    while (owner(end) == owner(at) && end < owners.length && (end == at || !isFirst(end))) {
      end++;
    }
    return end - at;
  }

  /** Whether addresses begin again there, on a bus that has not all address lines. */
  private boolean isFirst(int at) {
    return !hopping && lines > 0 && (at & lines) == 0 && bent != Bent.CROSSES_THE_LAST_ADDRESS;
  }

  /** Whether one answer serves an access: that of a memory or a device to its end, or of a device to its last byte. */
  private boolean isWhole(int address, int at, int size, Access access) {
    FuzzPiece piece = owner(at);
    if (hopping && hop.reach(address) < size && bent != Bent.CROSSES_BLOCKS) {
      return false;
    }
    if (piece == null) {
      return at >= 0 && IntStream.range(1, size).allMatch(i -> owner(at + i) == null && !isFirst(at + i));
    }
    boolean past = bent == Bent.SEES_PAST_WINDOWS && piece.asksDevice(access) && at - piece.at + size <= piece.size
        && !isFirst(at + size - 1);
    return past || bent == Bent.CROSSES_WHOLE || reach(at) >= size || spans(piece, at, size, access);
  }

  /** Whether a device answers at the first byte and at the last, whatever lies over it between. */
  private boolean spans(FuzzPiece piece, int at, int size, Access access) {
    boolean wraps = !hopping && lines > 0 && at + size - 1 > lines;
    return piece.asksDevice(access) && owner(at + size - 1) == piece && !wraps && bent != Bent.CUTS_UNDER_OVERLAYS;
  }

  private boolean asksDevice(FuzzPiece piece, Access access) {
    return piece.asksDevice(access)
        || bent == Bent.ASKS_THE_DEVICE_IN_ROM_MODE && piece.kind == FuzzPiece.Kind.ROM_DEVICE;
  }

  // Loads and stores

  long load(int address, int size, Access access) {
    int at = target(address, access);
    if (isWhole(address, at, size, access)) {
      return loadOne(at, size, access);
    }
    return get(read(address, size, access), 0, size);
  }

  private boolean goesOn() {
    return bent != Bent.STOPS_AFTER_A_FAILURE || result.isOk();
  }

  private long loadOne(int at, int size, Access access) {
    if (isStopped(at, size, access)) {
      return 0;
    }
    long value = serveLoad(at, size, access);
    tell(at, size, access, value);
    return value;
  }

  private long serveLoad(int at, int size, Access access) {
    FuzzPiece piece = owner(at);
    if (piece == null || piece.noFetch && access == Access.FETCH && bent != Bent.FETCHES_ANYWAY) {
      fail(MemTxResult.DECODE_ERROR);
      return 0;
    }
    boolean device = asksDevice(piece, access);
    int offset = at - piece.at;
    return device && !admits(piece.device, offset, size) ? 0 : get(piece.bytes(device), offset, size);
  }

  private static long get(byte[] bytes, int offset, int size) {
    long value = 0;
    for (int i = 0; i < size && offset + i < bytes.length; i++) {
      value |= (bytes[offset + i] & 0xffL) << (8 * i);
    }
    return value;
  }

  private static void put(byte[] bytes, int offset, int size, long value) {
    for (int i = 0; i < size && offset + i < bytes.length; i++) {
      bytes[offset + i] = (byte) (value >>> (8 * i));
    }
  }

  private boolean admits(FuzzDevice device, int offset, int size) {
    boolean allowed = isValid(device.rules().valid(), offset, size);
    if (!allowed && bent != Bent.TAKES_INVALID) {
      fail(MemTxResult.DECODE_ERROR);
      return false;
    }
    if (device.bad >= offset && device.bad < offset + size) {
      fail(MemTxResult.ERROR);
    }
    return true;
  }

  void store(int address, int size, long value) {
    int at = target(address, Access.WRITE);
    if (isWhole(address, at, size, Access.WRITE)) {
      storeOne(at, size, value);
      return;
    }
    byte[] bytes = new byte[size];
    put(bytes, 0, size, value);
    write(address, bytes);
  }

  private void storeOne(int at, int size, long value) {
    if (!isStopped(at, size, Access.WRITE)) {
      serveStore(at, size, value);
      tell(at, size, Access.WRITE, value);
    }
  }

  private void serveStore(int at, int size, long value) {
    FuzzPiece piece = owner(at);
    if (piece == null || piece.kind == FuzzPiece.Kind.ROM && bent != Bent.WRITES_ROM) {
      fail(MemTxResult.DECODE_ERROR);
      return;
    }
    int offset = at - piece.at;
    boolean device = piece.asksDevice(Access.WRITE);
    if (!device || admits(piece.device, offset, size)) {
      put(piece.bytes(device), offset, size, value);
    }
  }

  // Transfers of any length

  byte[] read(int address, int length, Access access) {
    byte[] bytes = new byte[length];
    for (int done = 0; done < length && goesOn();) {
      int at = target(address + done, access);
      int step = step(address + done, at, length - done, access);
      put(bytes, done, step, loadOne(at, step, access));
      done += step;
    }
    return bytes;
  }

  void write(int address, byte[] bytes) {
    for (int done = 0; done < bytes.length && goesOn();) {
      int at = target(address + done, Access.WRITE);
      int step = step(address + done, at, bytes.length - done, Access.WRITE);
      storeOne(at, step, get(bytes, done, step));
      done += step;
    }
  }

  private int step(int address, int at, int left, Access access) {
    FuzzPiece piece = owner(at);
    if (piece == null || bent == Bent.STEPS_BY_ONE) {
      return 1;
    }
    int most = Math.min(left, hopping ? hop.reach(address) : left);
    if (!piece.asksDevice(access)) {
      return Math.min(Integer.lowestOneBit(at - piece.at | 8), Integer.highestOneBit(Math.min(most, reach(at))));
    }
    for (int step = valid(piece, at, most); true; step = valid(piece, at, step - 1)) {
      if (step <= reach(at) || spans(piece, at, step, access) || bent == Bent.CROSSES_WHOLE) {
        return step;
      }
    }
  }

  /** The largest aligned access that a device finds valid; else the largest at all, else one that it refuses. */
  private int valid(FuzzPiece piece, int at, int most) {
    AccessSizes valid = piece.device.rules().valid();
    for (int size = Math.min(most, 8); size > 0; size--) {
      if (isValid(valid, size) && isAligned(at - piece.at, size)) {
        return size;
      }
    }
    for (int size = Math.min(most, 8); size > 0 && valid.unaligned(); size--) {
      if (isValid(valid, size)) {
        return size;
      }
    }
    int size = Math.min(8, Integer.highestOneBit(most));
    while ((at - piece.at & size - 1) != 0) {
      size /= 2;
    }
    return size;
  }

  private boolean isValid(AccessSizes valid, int offset, int size) {
    return isValid(valid, size) && (valid.unaligned() || isAligned(offset, size));
  }

  private boolean isValid(AccessSizes valid, int size) {
    return bent == Bent.TAKES_SIZES_FOR_A_RANGE
        ? size >= valid.min() && size <= valid.max()
        : valid.sizes().contains(size);
  }

  /** Whether the bytes lie in one block of 1, 2, 4 or 8. */
  private static boolean isAligned(int offset, int size) {
    int block = 1;
    while (block < size) {
      block *= 2;
    }
    return offset / block == (offset + size - 1) / block;
  }

  // A debugger's transfers, which call no device, and predictions

  byte[] peek(int address, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i += passed(address + i, length - i)) {
      FuzzPiece piece = peeked(address + i);
      bytes[i] = piece == null ? 0 : piece.bytes[target(address + i, Access.READ) - piece.at];
    }
    return bytes;
  }

  void poke(int address, byte[] bytes) {
    for (int i = 0; i < bytes.length; i += passed(address + i, bytes.length - i)) {
      FuzzPiece piece = peeked(address + i);
      if (piece != null) {
        piece.bytes[target(address + i, Access.READ) - piece.at] = bytes[i];
      }
    }
  }

  /** The memory at an address; null, and a failure, where there is none. */
  private FuzzPiece peeked(int address) {
    FuzzPiece piece = owner(target(address, Access.READ));
    if (piece == null || piece.asksDevice(Access.READ)) {
      fail(piece == null ? MemTxResult.DECODE_ERROR : MemTxResult.ACCESS_ERROR);
      return null;
    }
    return piece;
  }

  private int passed(int address, int left) {
    return bent == Bent.PASSES_OVER_WHAT_LIES_OVER_A_DEVICE
        ? step(address, target(address, Access.READ), left, Access.READ)
        : 1;
  }

  boolean isAccessible(int address, int length, Access access) {
    for (int done = 0; done < length;) {
      int at = target(address + done, access);
      int step = step(address + done, at, length - done, access);
      if (!isServed(owner(at), at, step, access)) {
        return false;
      }
      done += bent == Bent.PREDICTS_BY_THE_FIRST_BYTE ? length : step;
    }
    return true;
  }

  private boolean isServed(FuzzPiece piece, int at, int size, Access access) {
    if (piece == null || access == Access.FETCH && piece.noFetch
        || access == Access.WRITE && piece.kind == FuzzPiece.Kind.ROM) {
      return false;
    }
    return !piece.asksDevice(access) || isValid(piece.device.rules().valid(), at - piece.at, size);
  }

  // Atomic operations

  long compareAndExchange(int address, int size, long expected, long value) {
    FuzzPiece piece = changeable(address, size);
    if (piece == null) {
      return 0;
    }
    int at = target(address, Access.WRITE);
    if (isStopped(at, size, Access.WRITE)) {
      return 0;
    }
    long before = get(piece.bytes, at - piece.at, size);
    if (before == (size == 8 ? expected : expected & (1L << 8 * size) - 1)) {
      put(piece.bytes, at - piece.at, size, value);
      tell(at, size, Access.WRITE, value);
    }
    return before;
  }

  long fetchAndOp(int address, int size, AtomicOp op, long operand) {
    FuzzPiece piece = changeable(address, size);
    if (piece == null) {
      return 0;
    }
    int at = target(address, Access.WRITE);
    if (isStopped(at, size, Access.WRITE)) {
      return 0;
    }
    long before = get(piece.bytes, at - piece.at, size);
    long after = op.apply(before, operand, size);
    put(piece.bytes, at - piece.at, size, after);
    tell(at, size, Access.WRITE, after);
    return before;
  }

  private FuzzPiece changeable(int address, int size) {
    int at = target(address, Access.WRITE);
    FuzzPiece piece = owner(at);
    boolean device = piece != null && piece.asksDevice(Access.WRITE);
    if (piece == null || piece.kind == FuzzPiece.Kind.ROM || device && bent != Bent.CHANGES_DEVICES) {
      fail(device ? MemTxResult.ACCESS_ERROR : MemTxResult.DECODE_ERROR);
      return null;
    }
    int offset = at - piece.at;
    boolean aligned = (address & size - 1) == 0 && (offset & size - 1) == 0;
    boolean fits = (!hopping || hop.reach(address) >= size) && reach(at) >= size
        && (offset & -WORD) + Math.max(size, WORD) <= piece.size;
    if (!fits || !aligned && bent != Bent.CHANGES_WHAT_IS_NOT_ALIGNED) {
      fail(MemTxResult.ACCESS_ERROR);
      return null;
    }
    return piece;
  }
}
