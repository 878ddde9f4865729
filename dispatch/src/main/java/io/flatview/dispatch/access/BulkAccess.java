package io.flatview.dispatch.access;

import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxResult;
import java.lang.foreign.MemorySegment;

/**
 * Transfers of any length: piece by piece, each as long as one leaf reaches; a failure does not end them. Confined to
 * its reader's thread.
 */
final class BulkAccess {

  /** The factor that copies a byte to each byte of a value. */
  private static final long EACH = 0x0101_0101_0101_0101L;

  private final Lookup lookup;
  private final ReaderTranslation translation;
  private final AccessState state;
  private final SlowAccess slow;
  private final SplitAccess split;

  BulkAccess(Lookup lookup, AccessState state, SlowAccess slow, SplitAccess split) {
    this.lookup = lookup;
    this.translation = lookup.translation;
    this.state = state;
    this.slow = slow;
    this.split = split;
  }

  private PhysSection resolve(AddressSpace space, long address, long length, Access access) {
    return lookup.resolve(space, address, length, access, state.attributes());
  }

  /** The offset in the leaf's region at which the present piece begins. */
  private long offset(PhysSection leaf) {
    return translation.address + leaf.toOffset;
  }

  void read(AddressSpace space, long address, MemorySegment into) {
    long length = into.byteSize();
    for (long done = 0; done < length;) {
      PhysSection leaf = resolve(space, address + done, length - done, Access.READ);
      done += readPiece(leaf, into, done, translation.reach(leaf));
    }
  }

  private long readPiece(PhysSection leaf, MemorySegment into, long at, long reach) {
    if (leaf.readable != null) {
      MemorySegment.copy(leaf.memory.segment(), offset(leaf), into, at, reach);
      return reach;
    }
    int size = lookup.step(leaf, Access.READ);
    LittleEndian.put(into, at, size, split.loadPiece(leaf, size, Access.READ));
    return size;
  }

  /** Reads memory as a debugger does. */
  void peek(AddressSpace space, long address, MemorySegment into) {
    debug(space, address, into, Access.READ);
  }

  /** Writes memory as a debugger does. */
  void poke(AddressSpace space, long address, MemorySegment from) {
    debug(space, address, from, Access.WRITE);
  }

  /** Copies for a debugger. A device is passed over as far as it shows, since it gets no access. */
  private void debug(AddressSpace space, long address, MemorySegment bytes, Access access) {
    long length = bytes.byteSize();
    for (long done = 0; done < length;) {
      PhysSection leaf = resolve(space, address + done, length - done, Access.READ);
      long reach = translation.reach(leaf);
      if (access.writes()) {
        pokePiece(leaf, bytes, done, reach);
      } else {
        peekPiece(leaf, bytes, done, reach);
      }
      done += reach;
    }
  }

  private void peekPiece(PhysSection leaf, MemorySegment into, long at, long reach) {
    if (leaf.loadsMemory) {
      MemorySegment.copy(leaf.memory.segment(), offset(leaf), into, at, reach);
    } else {
      passOver(leaf, reach, Access.READ);
      into.asSlice(at, reach).fill((byte) 0);
    }
  }

  void write(AddressSpace space, long address, MemorySegment from) {
    long length = from.byteSize();
    for (long done = 0; done < length;) {
      PhysSection leaf = resolve(space, address + done, length - done, Access.WRITE);
      done += writePiece(leaf, from, done, translation.reach(leaf));
    }
  }

  private long writePiece(PhysSection leaf, MemorySegment from, long at, long reach) {
    long offset = offset(leaf);
    if (leaf.writable != null) {
      MemorySegment.copy(from, at, leaf.memory.segment(), offset, reach);
      return reach;
    }
    int size = lookup.step(leaf, Access.WRITE);
    split.storePiece(leaf, size, LittleEndian.take(from, at, size));
    return size;
  }

  void fill(AddressSpace space, long address, long length, byte value) {
    for (long done = 0; Long.compareUnsigned(done, length) < 0;) {
      long left = bounded(length - done);
      PhysSection leaf = resolve(space, address + done, left, Access.WRITE);
      done += fillPiece(leaf, translation.reach(leaf), value);
    }
  }

  /** The part of the length for the next step: less than 2<sup>63</sup> bytes. */
  private static long bounded(long length) {
    return length < 0 ? Long.MAX_VALUE : length;
  }

  private long fillPiece(PhysSection leaf, long reach, byte value) {
    long offset = offset(leaf);
    if (leaf.writable != null) {
      leaf.memory.segment().asSlice(offset, reach).fill(value);
      return reach;
    }
    int size = lookup.step(leaf, Access.WRITE);
    split.storePiece(leaf, size, (value & 0xff) * EACH & LittleEndian.mask(size));
    return size;
  }

  private void pokePiece(PhysSection leaf, MemorySegment from, long at, long reach) {
    if (leaf.loadsMemory && !leaf.memory.isReadOnly()) {
      long offset = offset(leaf);
      MemorySegment.copy(from, at, leaf.memory.segment(), offset, reach);
      slow.poked(leaf, offset, reach);
    } else {
      passOver(leaf, reach, Access.WRITE);
    }
  }

  boolean isAccessible(AddressSpace space, long address, long length, Access access) {
    for (long done = 0; Long.compareUnsigned(done, length) < 0;) {
      PhysSection leaf = resolve(space, address + done, length - done, access);
      long reach = translation.reach(leaf);
      boolean memory = leaf.memoryServes(access) || access.writes() && slow.writesForDebugger(leaf);
      long piece = memory ? reach : lookup.step(leaf, access);
      if (!memory && !admits(leaf, (int) piece, access)) {
        return false;
      }
      done += piece;
    }
    return true;
  }

  private boolean admits(PhysSection leaf, int size, Access access) {
    return leaf.device != null
        && (access != Access.FETCH || !leaf.refusesFetches())
        && (!access.writes() || leaf.deviceWritable)
        && !state.attributes().memory()
        && slow.admits(leaf, offset(leaf), size, access);
  }

  /** Notes the failure where a device must not be called, or nothing answers. */
  private void passOver(PhysSection leaf, long reach, Access access) {
    slow.fail(leaf, offset(leaf), (int) Math.min(reach, Integer.MAX_VALUE), access,
        leaf.device != null ? MemTxResult.ACCESS_ERROR : MemTxResult.DECODE_ERROR);
  }
}
