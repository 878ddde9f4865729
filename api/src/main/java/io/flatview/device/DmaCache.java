package io.flatview.device;

import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.rcu.ThreadConfined;

/**
 * A range that a device uses repeatedly: a {@link MemoryRegionCache} whose accesses fail as those of its {@link
 * DmaPort} do. Confined to the thread of the port; accesses allocate nothing.
 */
@ThreadConfined
public final class DmaCache {

  private final DmaPort port;
  private final MemoryRegionCache cache;

  DmaCache(DmaPort port, MemoryRegionCache cache) {
    this.port = port;
    this.cache = cache;
  }

  /**
   * The first address of the range.
   *
   * @return the address, unsigned
   */
  public long address() {
    return cache.address();
  }

  /**
   * Loads a little-endian value.
   *
   * @param offset the distance from the first address
   * @param size 1, 2, 4 or 8 bytes
   * @return the value, zero-extended
   * @throws DmaException if it cannot be read
   * @throws IndexOutOfBoundsException if it does not lie in the range
   */
  public long load(long offset, int size) {
    port.checkWanted(address() + offset);
    long value = cache.load(offset, size);
    check(cache.lastResult(), offset);
    return value;
  }

  /**
   * Stores a little-endian value.
   *
   * @param offset the distance from the first address
   * @param size 1, 2, 4 or 8 bytes
   * @param value the value; bits above {@code size} bytes are ignored
   * @throws DmaException if it cannot be written
   * @throws IndexOutOfBoundsException if it does not lie in the range
   */
  public void store(long offset, int size, long value) {
    port.checkWanted(address() + offset);
    check(cache.store(offset, size, value), offset);
  }

  private void check(MemTxResult result, long offset) {
    port.check(result, address() + offset);
  }
}
