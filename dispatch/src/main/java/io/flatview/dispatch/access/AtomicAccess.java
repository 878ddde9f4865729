package io.flatview.dispatch.access;

import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MemTxResult;

/** Atomic operations of a reader: checks that memory can take them, and calls the observers. */
final class AtomicAccess {

  private final Lookup lookup;
  private final ReaderTranslation translation;
  private final AccessState state;
  private final SlowAccess slow;

  AtomicAccess(Lookup lookup, AccessState state, SlowAccess slow) {
    this.lookup = lookup;
    this.translation = lookup.translation;
    this.state = state;
    this.slow = slow;
  }

  long compareAndExchange(AddressSpace space, long address, int size, long expected, long value) {
    PhysSection leaf = lookup.resolve(space, address, size, Access.WRITE, state.attributes());
    long offset = translation.address + leaf.toOffset;
    AddressSpace there = translation.there();
    if (!takes(leaf, address, offset, size) || slow.stopsExchange(leaf, there, offset, size, value)) {
      return 0;
    }
    long wanted = expected & LittleEndian.mask(size);
    long seen = AtomicMemory.compareAndExchange(leaf.memory, offset, size, wanted, value);
    if (seen == wanted) {
      slow.exchanged(leaf, there, offset, size, seen, value);
    }
    return seen;
  }

  long fetchAndOp(AddressSpace space, long address, int size, AtomicOp op, long operand) {
    PhysSection leaf = lookup.resolve(space, address, size, Access.WRITE, state.attributes());
    long offset = translation.address + leaf.toOffset;
    AddressSpace there = translation.there();
    if (!takes(leaf, address, offset, size) || stops(leaf, there, offset, size, op, operand)) {
      return 0;
    }
    long before = AtomicMemory.fetchAndOp(leaf.memory, offset, size, op, operand);
    slow.exchanged(leaf, there, offset, size, before, op.apply(before, operand, size));
    return before;
  }

  /** Whether a watch stops the operation. It sees the value that would be stored if memory does not change before. */
  private boolean stops(PhysSection leaf, AddressSpace space, long offset, int size, AtomicOp op, long operand) {
    return leaf.tapped && slow.stopsExchange(leaf, space, offset, size,
        op.apply(LittleEndian.get(leaf.memory.segment(), offset, size), operand, size));
  }

  /** Whether an atomic operation may change the memory there; if not, adds the failure to the result. */
  private boolean takes(PhysSection leaf, long address, long offset, int size) {
    if (!leaf.storesMemory) {
      slow.fail(leaf, offset, size, Access.WRITE,
          leaf.deviceWritable ? MemTxResult.ACCESS_ERROR : MemTxResult.DECODE_ERROR);
      return false;
    }
    if (translation.reach(leaf) < size || (address & size - 1) != 0
        || !AtomicMemory.isPossible(leaf.memory, offset, size)) {
      slow.fail(leaf, offset, size, Access.WRITE, MemTxResult.ACCESS_ERROR);
      return false;
    }
    return true;
  }
}
