package io.flatview.examples.virt64.dma;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.rcu.ThreadConfined;
import java.lang.foreign.MemorySegment;

/** A device's accesses to its bus-master address space. Confined to the thread of its reader. */
@ThreadConfined
public final class BusMaster {

  private final MapReader reader;
  private final AddressSpace space;

  /**
   * A bus master.
   *
   * @param reader the calling thread's
   * @param space what the device's addresses mean
   */
  public BusMaster(MapReader reader, AddressSpace space) {
    this.reader = reader;
    this.space = space;
  }

  /**
   * Loads a value.
   *
   * @param address where, unsigned
   * @param size 1, 2, 4 or 8 bytes
   * @return the value, zero-extended
   * @throws DmaException if it cannot be read
   */
  public long load(long address, int size) {
    long value = reader.load(space, address, size);
    check(reader.lastResult(), address);
    return value;
  }

  /**
   * Stores a value.
   *
   * @param address where, unsigned
   * @param size 1, 2, 4 or 8 bytes
   * @param value the value
   * @throws DmaException if it cannot be written
   */
  public void store(long address, int size, long value) {
    check(reader.store(space, address, size, value), address);
  }

  private void check(MemTxResult result, long address) {
    if (!result.isOk()) {
      throw new DmaException(space, address, result);
    }
  }

  /**
   * Copies memory to a device.
   *
   * @param address where from, unsigned
   * @param into where to
   * @param offset of its first byte
   * @param length how many bytes
   * @throws DmaException if some cannot be read
   */
  public void read(long address, byte[] into, int offset, int length) {
    MemorySegment piece = MemorySegment.ofArray(into).asSlice(offset, length);
    check(reader.read(space, address, piece, MemTxAttrs.UNSPECIFIED), address);
  }

  /**
   * Copies from a device to memory.
   *
   * @param address where to, unsigned
   * @param from where from
   * @param offset of its first byte
   * @param length how many bytes
   * @throws DmaException if some cannot be written
   */
  public void write(long address, byte[] from, int offset, int length) {
    MemorySegment piece = MemorySegment.ofArray(from).asSlice(offset, length);
    check(reader.write(space, address, piece, MemTxAttrs.UNSPECIFIED), address);
  }
}
