package io.flatview.dispatch.ram;

import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** All guest memory of one memory system. Thread-safe. */
public final class RamAllocator {

  private final RamSources sources;
  private final int dirtyPageSize;
  private final boolean checked;
  private final Set<RamBlock> blocks = ConcurrentHashMap.newKeySet();

  /**
   * Volatile: a block is entered before this is read, and this is written before the blocks are read. So one of the two
   * threads sees what the other wrote, and no block stays open.
   */
  private volatile boolean closed;

  private final AtomicLong reservedBytes = new AtomicLong();
  private final AtomicLong reservedBlocks = new AtomicLong();

  /**
   * An allocator.
   *
   * @param checked whether an access after release must throw rather than crash
   * @param dirtyPageSize the unit in which writes are logged, a power of two
   */
  public RamAllocator(boolean checked, int dirtyPageSize) {
    this(checked, dirtyPageSize, LinuxMemory.present());
  }

  RamAllocator(boolean checked, int dirtyPageSize, Optional<LinuxMemory> linux) {
    this.sources = new RamSources(checked, linux);
    this.dirtyPageSize = dirtyPageSize;
    this.checked = checked;
  }

  /**
   * A block of memory. A file is mapped now, all else is reserved when it is first touched.
   *
   * @param backing at most 2<sup>63</sup>-1 bytes
   * @return a new block
   * @throws IllegalArgumentException if the size cannot be had
   * @throws IllegalStateException if {@link #closeAll} has begun
   */
  public RamBlock block(RamBacking backing) {
    if (backing.maximum().compareTo(Size.bytes(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("memory of " + backing.maximum() + " bytes cannot be reserved; at most "
          + Size.bytes(Long.MAX_VALUE) + " bytes are possible");
    }
    RamBlock block = new RamBlock(this, sources.of(backing), backing, dirtyPageSize,
        checked ? Optional.of(new Throwable("made here")) : Optional.empty());
    if (backing instanceof RamBacking.File) {
      block.segment();
    }
    blocks.add(block);
    if (closed) {
      block.close();
      throw new IllegalStateException("the memory system is closed; create a new one");
    }
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

  /**
   * Forgets the dirty marks of a client.
   *
   * @param client whose
   */
  public void clearDirty(int client) {
    blocks.forEach(block -> block.dirty().clear(client));
  }

  /** Closes every block that is still open, and refuses those to come. */
  public void closeAll() {
    closed = true;
    blocks.forEach(RamBlock::close);
  }

  void reserved(long bytes) {
    reservedBytes.addAndGet(bytes);
    reservedBlocks.incrementAndGet();
  }

  void released(long bytes) {
    reservedBytes.addAndGet(-bytes);
    reservedBlocks.decrementAndGet();
  }

  void forget(RamBlock block) {
    blocks.remove(block);
  }
}
