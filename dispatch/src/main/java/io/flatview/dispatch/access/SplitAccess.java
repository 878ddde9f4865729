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

  private PhysSection resolve(AddressSpace space, long address, int length, Access access) {
    return lookup.resolve(space, address, length, access, state.attributes());
  }

  /** Loads what {@code first} does not serve to its end, having been resolved for all of it. */
  long load(AddressSpace space, long address, int size, PhysSection first) {
    if (lookup.spans(first, size, Access.READ)) {
      return loadPiece(first, size);
    }
    long value = 0;
    for (int done = 0; done < size;) {
      PhysSection leaf = resolve(space, address + done, size - done, Access.READ);
      int piece = lookup.step(leaf, Access.READ);
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
    if (lookup.spans(first, size, Access.WRITE)) {
      storePiece(first, size, value);
      return;
    }
    for (int done = 0; done < size;) {
      PhysSection leaf = resolve(space, address + done, size - done, Access.WRITE);
      int piece = lookup.step(leaf, Access.WRITE);
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
