package io.flatview.examples.virt64.dma;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A device's accesses to its bus-master address space. Confined to the thread of its reader. */
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
    for (int done = 0; done < length; ) {
      done += readPiece(address + done, into, offset + done, length - done);
    }
  }

  private int readPiece(long address, byte[] into, int offset, int length) {
    try (ReadSection _ = reader.enter()) {
      Translation found = reader.translate(space, address, length, Access.READ);
      MemorySegment memory = found.memory();
      if (memory == null) {
        into[offset] = (byte) load(address, 1);
        return 1;
      }
      int piece = (int) found.length();
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, found.offset(), into, offset, piece);
      return piece;
    }
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
    for (int done = 0; done < length; ) {
      done += writePiece(address + done, from, offset + done, length - done);
    }
  }

  private int writePiece(long address, byte[] from, int offset, int length) {
    try (ReadSection _ = reader.enter()) {
      Translation found = reader.translate(space, address, length, Access.WRITE);
      MemorySegment memory = found.memory();
      if (memory == null) {
        store(address, 1, from[offset]);
        return 1;
      }
      int piece = (int) found.length();
      MemorySegment.copy(from, offset, memory, ValueLayout.JAVA_BYTE, found.offset(), piece);
      return piece;
    }
  }
}
