package io.flatview.dispatch.fuzz;

import io.flatview.memory.AccessSizes;
import io.flatview.memory.MemTxResult;
import java.util.Arrays;
import java.util.List;

/** What accesses do, from the rules alone: who owns each byte of the map, and what each byte holds. */
final class FuzzOracle {

  /** Ways to be wrong, which the fuzzer must notice. */
  enum Bent { NOTHING, STOPS_AFTER_A_FAILURE, FORGETS_FAILURES, TAKES_INVALID, WRITES_ROM, CROSSES_WHOLE, STEPS_BY_ONE }

  /** What a region is made of. */
  enum Kind { RAM, ROM, DEVICE }

  /** A region placed in the map; {@code device} only for devices. */
  record Piece(Kind kind, int at, int size, byte[] bytes, FuzzDevice device) {}

  private final Piece[] owners;
  private final Bent bent;
  private MemTxResult result = MemTxResult.OK;

  FuzzOracle(List<Piece> pieces, int size, Bent bent) {
    this.bent = bent;
    owners = new Piece[size];
    pieces.forEach(piece -> Arrays.fill(owners, piece.at(), piece.at() + piece.size(), piece));
  }

  MemTxResult result() {
    return result;
  }

  void begin() {
    result = MemTxResult.OK;
  }

  private void fail(MemTxResult failure) {
    result = bent == Bent.FORGETS_FAILURES ? failure : result.or(failure);
  }

  private Piece owner(int address) {
    return address < owners.length ? owners[address] : null;
  }

  /** How many bytes from an address on are of the same section. */
  private int reach(int address) {
    int end = address;
    while (owner(end) == owner(address) && end < owners.length) {
      end++;
    }
    return end - address;
  }

  long load(int address, int size) {
    Piece piece = owner(address);
    if (piece == null || piece.kind() == Kind.DEVICE || reach(address) >= size || bent == Bent.CROSSES_WHOLE) {
      return loadOne(address, size);
    }
    long value = 0;
    for (int i = 0; i < size && goesOn(); i++) {
      value |= loadOne(address + i, 1) << (8 * i);
    }
    return value;
  }

  private boolean goesOn() {
    return bent != Bent.STOPS_AFTER_A_FAILURE || result.isOk();
  }

  private long loadOne(int address, int size) {
    Piece piece = owner(address);
    if (piece == null) {
      fail(MemTxResult.DECODE_ERROR);
      return 0;
    }
    int offset = address - piece.at();
    if (piece.kind() == Kind.DEVICE && !admits(piece.device(), offset, size)) {
      return 0;
    }
    long value = 0;
    for (int i = 0; i < size && offset + i < piece.bytes().length; i++) {
      value |= (piece.bytes()[offset + i] & 0xffL) << (8 * i);
    }
    return value;
  }

  private boolean admits(FuzzDevice device, int offset, int size) {
    AccessSizes valid = device.rules().valid();
    if (!valid.allow(offset, size) && bent != Bent.TAKES_INVALID) {
      fail(MemTxResult.DECODE_ERROR);
      return false;
    }
    if (device.bad >= offset && device.bad < offset + size) {
      fail(MemTxResult.ERROR);
    }
    return true;
  }

  void store(int address, int size, long value) {
    Piece piece = owner(address);
    if (piece == null || piece.kind() == Kind.DEVICE || reach(address) >= size || bent == Bent.CROSSES_WHOLE) {
      storeOne(address, size, value);
      return;
    }
    for (int i = 0; i < size && goesOn(); i++) {
      storeOne(address + i, 1, value >>> (8 * i));
    }
  }

  private void storeOne(int address, int size, long value) {
    Piece piece = owner(address);
    if (piece == null || piece.kind() == Kind.ROM && bent != Bent.WRITES_ROM) {
      fail(MemTxResult.DECODE_ERROR);
      return;
    }
    int offset = address - piece.at();
    if (piece.kind() == Kind.DEVICE && !admits(piece.device(), offset, size)) {
      return;
    }
    for (int i = 0; i < size && offset + i < piece.bytes().length; i++) {
      piece.bytes()[offset + i] = (byte) (value >>> (8 * i));
    }
  }

  byte[] read(int address, int length) {
    byte[] bytes = new byte[length];
    for (int done = 0; done < length && goesOn();) {
      int step = step(address + done, length - done);
      long value = loadOne(address + done, step);
      for (int i = 0; i < step; i++) {
        bytes[done + i] = (byte) (value >>> (8 * i));
      }
      done += step;
    }
    return bytes;
  }

  void write(int address, byte[] bytes) {
    for (int done = 0; done < bytes.length && goesOn();) {
      int step = step(address + done, bytes.length - done);
      long value = 0;
      for (int i = 0; i < step; i++) {
        value |= (bytes[done + i] & 0xffL) << (8 * i);
      }
      storeOne(address + done, step, value);
      done += step;
    }
  }

  private int step(int address, int left) {
    Piece piece = owner(address);
    if (piece == null || piece.kind() != Kind.DEVICE || bent == Bent.STEPS_BY_ONE) {
      return 1;
    }
    int offset = address - piece.at();
    int step = Math.min(piece.device().rules().valid().max(), Integer.highestOneBit(Math.min(left, reach(address))));
    while ((offset & step - 1) != 0) {
      step /= 2;
    }
    return step;
  }
}
