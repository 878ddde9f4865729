package io.flatview.examples.virt64.hart;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Atomics on devices, as QEMU has them: a load, and a store of the result, also of a conditional store that fails. The
 * harts of a board share one of these, and do theirs one after the other; loads and stores of other kinds may come
 * between. Its lock is taken before all others: never in a device.
 */
public final class DeviceAtomics {

  private final ReentrantLock lock = new ReentrantLock();

  /** For one board. */
  public DeviceAtomics() {}

  /** Whether a device made the reader's last atomic fail. To be asked inside the section of that. */
  boolean concerns(MapReader reader, AddressSpace space, long address, int size) {
    return reader.lastResult() == MemTxResult.ACCESS_ERROR
        && reader.translate(space, address, size, Access.WRITE).section().region() instanceof MemoryRegion.Mmio;
  }

  /** @return what was there; the reader knows how it went */
  long fetchAndOp(MapReader reader, AddressSpace space, long address, int size, AtomicOp op, long operand) {
    lock.lock();
    try {
      long old = reader.load(space, address, size);
      if (reader.lastResult().isOk()) {
        reader.store(space, address, size, op.apply(old, operand, size));
      }
      return old;
    } finally {
      lock.unlock();
    }
  }

  /** @return what was there; the reader knows how it went */
  long compareAndExchange(MapReader reader, AddressSpace space, long address, int size, long expected, long value) {
    lock.lock();
    try {
      long old = reader.load(space, address, size);
      if (reader.lastResult().isOk()) {
        reader.store(space, address, size, old == expected ? value : old);
      }
      return old;
    } finally {
      lock.unlock();
    }
  }
}
