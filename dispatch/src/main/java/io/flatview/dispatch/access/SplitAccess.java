package io.flatview.dispatch.access;

import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;

/**
 * Loads and stores that cross the end of what answers at their first byte. They are made of the same pieces as a
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
   * Whether one device gets the access whole, though another region lies over it. What a bank showed before the access
   * was found to be cut is looked up again, so that all pieces meet one selection.
   */
  private boolean spans(int pieces, AddressSpace space, long address, int size, PhysSection first, Access access) {
    return (first.banked == null || resolve(pieces, space, address, size, access) == first)
        && lookup.spansPieces(pieces, first, size, access);
  }

  /** Loads what {@code first} does not serve to its end, having been resolved for all of it. */
  long load(AddressSpace space, long address, int size, PhysSection first) {
    int pieces = lookup.beginPieces();
    try {
      return spans(pieces, space, address, size, first, Access.READ)
          ? loadPiece(first, size)
          : loadPieces(pieces, space, address, size);
    } finally {
      lookup.endPieces(pieces);
    }
  }

  private long loadPieces(int pieces, AddressSpace space, long address, int size) {
    long value = 0;
    for (int done = 0; done < size;) {
      PhysSection leaf = resolve(pieces, space, address + done, size - done, Access.READ);
      int piece = lookup.stepPiece(pieces, leaf, Access.READ);
      value |= loadPiece(leaf, piece) << Byte.SIZE * done;
      done += piece;
    }
    return value;
  }

  private long loadPiece(PhysSection leaf, int size) {
    long offset = translation.address + leaf.toOffset;
    return leaf.readable != null
        ? DispatchReader.load(leaf.readable, offset, size)
        : slow.load(leaf, offset, size);
  }

  /** Stores what {@code first} does not take to its end, having been resolved for all of it. */
  void store(AddressSpace space, long address, int size, long value, PhysSection first) {
    int pieces = lookup.beginPieces();
    try {
      if (spans(pieces, space, address, size, first, Access.WRITE)) {
        storePiece(first, size, value);
      } else {
        storePieces(pieces, space, address, size, value);
      }
    } finally {
      lookup.endPieces(pieces);
    }
  }

  private void storePieces(int pieces, AddressSpace space, long address, int size, long value) {
    for (int done = 0; done < size;) {
      PhysSection leaf = resolve(pieces, space, address + done, size - done, Access.WRITE);
      int piece = lookup.stepPiece(pieces, leaf, Access.WRITE);
      storePiece(leaf, piece, value >>> Byte.SIZE * done);
      done += piece;
    }
  }

  private void storePiece(PhysSection leaf, int size, long value) {
    long offset = translation.address + leaf.toOffset;
    if (leaf.writable != null) {
      DispatchReader.store(leaf.writable, offset, size, value);
    } else {
      slow.store(leaf, offset, size, value & LittleEndian.mask(size));
    }
  }
}
