package io.flatview.dispatch.ram;

import io.flatview.memory.Size;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** All guest memory of one memory system. Thread-safe. */
public final class RamAllocator {

  private final RamReserver reserver;
  private final Set<RamBlock> blocks = ConcurrentHashMap.newKeySet();
  private final AtomicLong reservedBytes = new AtomicLong();
  private final AtomicLong reservedBlocks = new AtomicLong();

  /**
   * An allocator.
   *
   * @param checked whether an access after release must throw rather than crash
   */
  public RamAllocator(boolean checked) {
    reserver = RamReserver.choose(checked);
  }

  /**
   * A block of memory, not yet reserved.
   *
   * @param size at most 2<sup>63</sup>-1 bytes
   * @return a new block
   * @throws IllegalArgumentException if the size cannot be had
   */
  public RamBlock block(Size size) {
    if (size.compareTo(Size.bytes(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("memory of " + size + " bytes cannot be reserved; at most "
          + Size.bytes(Long.MAX_VALUE) + " bytes are possible");
    }
    RamBlock block = new RamBlock(this, size.toBytes());
    blocks.add(block);
    return block;
  }

  /**
   * How much is reserved.
   *
   * @return bytes
   */
  public long reservedBytes() {
    return reservedBytes.get();
  }

  /**
   * In how many blocks.
   *
   * @return the count
   */
  public long reservedBlocks() {
    return reservedBlocks.get();
  }

  /** Closes every block that is still open. */
  public void closeAll() {
    blocks.forEach(RamBlock::close);
  }

  RamReserver.Reservation reserve(long bytes) {
    RamReserver.Reservation reservation = reserver.reserve(bytes);
    reservedBytes.addAndGet(bytes);
    reservedBlocks.incrementAndGet();
    return reservation;
  }

  void released(long bytes) {
    reservedBytes.addAndGet(-bytes);
    reservedBlocks.decrementAndGet();
  }

  void forget(RamBlock block) {
    blocks.remove(block);
  }
}
