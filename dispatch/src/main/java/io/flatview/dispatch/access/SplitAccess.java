package io.flatview.dispatch.access;

import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;

/**
 * Loads and stores that cross the end of the leaf at their first byte. They are made of the same pieces as a
 * {@linkplain BulkAccess transfer} of as many bytes. Confined to its reader's thread.
 */
final class SplitAccess {

  private final Lookup lookup;
  private final ReaderTranslation translation;
  private final AccessState state;
  private final SlowAccess slow;

  SplitAccess(Lookup lookup, AccessState state, SlowAccess slow) {
    this.lookup = lookup;
    this.translation = lookup.translation;
    this.state = state;
    this.slow = slow;
  }

  private PhysSection resolve(int pieces, AddressSpace space, long address, int length, Access access) {
    return lookup.resolvePiece(pieces, space, address, length, access, state.attributes());
  }

  /**
   * The leaf at the last byte, if the access is not cut after all, else null. Leaves in banks are looked up again, so
   * that all pieces use one selection.
   */
  private PhysSection last(int pieces, AddressSpace space, long address, int size, PhysSection first, Access access) {
    return first.way == null || resolve(pieces, space, address, size, access) == first
        ? lookup.lastOfPieces(pieces, first, size, access)
        : null;
  }

  private long offset(PhysSection leaf) {
    return translation.address + leaf.toOffset;
  }

  /** Makes a load that {@code first} does not serve to its end; {@code first} was resolved for all of it. */
  long load(AddressSpace space, long address, int size, PhysSection first, Access access) {
    int pieces = lookup.beginPieces();
    try {
      PhysSection last = last(pieces, space, address, size, first, access);
      return last == null
          ? loadPieces(pieces, space, address, size, access)
          : slow.loadAcross(first, last, offset(first), size, access);
    } finally {
      lookup.endPieces(pieces);
    }
  }

  private long loadPieces(int pieces, AddressSpace space, long address, int size, Access access) {
    long value = 0;
    for (int done = 0; done < size;) {
      PhysSection leaf = resolve(pieces, space, address + done, size - done, access);
      int piece = lookup.stepPiece(pieces, leaf, access);
      PhysSection last = reaches(leaf, piece) ? leaf : lookup.lastOfPieces(pieces, leaf, piece, access);
      value |= loadPiece(leaf, last, piece, access) << Byte.SIZE * done;
      done += piece;
    }
    return value;
  }

  private boolean reaches(PhysSection leaf, int size) {
    return translation.reach(leaf) >= size;
  }

  private long loadPiece(PhysSection leaf, PhysSection last, int size, Access access) {
    return leaf == last
        ? slow.load(leaf, offset(leaf), size, access)
        : slow.loadAcross(leaf, last, offset(leaf), size, access);
  }

  /** Loads a piece of a transfer that memory does not serve directly. */
  long loadPiece(PhysSection leaf, int size, Access access) {
    return loadPiece(leaf, lastOfPiece(leaf, size, access), size, access);
  }

  /**
   * The leaf at the last byte of a piece. If a bank's selection has changed since the length of the piece was
   * determined, it is the first leaf.
   */
  private PhysSection lastOfPiece(PhysSection leaf, int size, Access access) {
    PhysSection last = reaches(leaf, size) ? leaf : lookup.lastOf(leaf, size, access);
    return last == null ? leaf : last;
  }

  /** Makes a store that {@code first} does not take to its end; {@code first} was resolved for all of it. */
  void store(AddressSpace space, long address, int size, long value, PhysSection first) {
    int pieces = lookup.beginPieces();
    try {
      PhysSection last = last(pieces, space, address, size, first, Access.WRITE);
      if (last == null) {
        storePieces(pieces, space, address, size, value);
      } else {
        slow.storeAcross(first, last, offset(first), size, value & LittleEndian.mask(size));
      }
    } finally {
      lookup.endPieces(pieces);
    }
  }

  private void storePieces(int pieces, AddressSpace space, long address, int size, long value) {
    for (int done = 0; done < size;) {
      PhysSection leaf = resolve(pieces, space, address + done, size - done, Access.WRITE);
      int piece = lookup.stepPiece(pieces, leaf, Access.WRITE);
      PhysSection last = reaches(leaf, piece) ? leaf : lookup.lastOfPieces(pieces, leaf, piece, Access.WRITE);
      storePiece(leaf, last, piece, value >>> Byte.SIZE * done & LittleEndian.mask(piece));
      done += piece;
    }
  }

  private void storePiece(PhysSection leaf, PhysSection last, int size, long value) {
    if (leaf == last) {
      slow.store(leaf, offset(leaf), size, value);
    } else {
      slow.storeAcross(leaf, last, offset(leaf), size, value);
    }
  }

  /** Stores a piece of a transfer that memory does not take directly. */
  void storePiece(PhysSection leaf, int size, long value) {
    storePiece(leaf, lastOfPiece(leaf, size, Access.WRITE), size, value);
  }
}
