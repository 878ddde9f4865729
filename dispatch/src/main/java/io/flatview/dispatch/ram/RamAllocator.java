package io.flatview.dispatch.ram;

import io.flatview.dispatch.failure.Failure;
import io.flatview.dispatch.few.SharedSet;
import io.flatview.mapping.host.Hold;
import io.flatview.mapping.host.LinuxMemory;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import java.util.Optional;

/** All guest memory of one memory system. Thread-safe. */
public final class RamAllocator {

  private final RamSources sources;
  private final int dirtyPageSize;
  private final boolean checked;
  private final Origin origin;

  /** The blocks that are not closed. */
  private final SharedSet<RamBlock> blocks = new SharedSet<>();

  /** Guarded by this object's lock, as is the next. */
  private long reservedBytes;

  private long reservedBlocks;

  /**
   * Whether all blocks are closed. Volatile: a new block is added to the set before this is read, and this is written
   * before the set is read. So one of the two threads sees the other's write, and no block stays open.
   */
  private volatile boolean closed;

  /**
   * Makes an allocator.
   *
   * @param checked whether an access after release must throw rather than crash
   * @param dirtyPageSize the unit in which writes are logged, a power of two
   * @param origin the creation of the memory system, for a warning about dropped memory
   */
  public RamAllocator(boolean checked, int dirtyPageSize, Origin origin) {
    this(checked, dirtyPageSize, LinuxMemory.present(), origin);
  }

  RamAllocator(boolean checked, int dirtyPageSize, Optional<LinuxMemory> linux, Origin origin) {
    this.sources = new RamSources(checked, linux, origin);
    this.dirtyPageSize = dirtyPageSize;
    this.checked = checked;
    this.origin = origin;
  }

  /**
   * Makes a block of memory. A file is mapped now. Other memory is mapped or allocated at its first access at the
   * latest, and the system provides its pages as they are touched.
   *
   * @param name the name of its region, for messages
   * @param backing the origin of its bytes, at most 2<sup>63</sup>-1 bytes
   * @return a new block
   * @throws IllegalArgumentException if the size cannot be had
   * @throws IllegalStateException if all blocks are closed
   */
  public RamBlock block(String name, RamBacking backing) {
    if (backing.maximum().compareTo(Size.bytes(Long.MAX_VALUE)) > 0) {
      throw refused(name, backing, "at most " + Size.bytes(Long.MAX_VALUE) + " bytes are possible");
    }
    RamSource source = source(name, backing);
    RamBlock block;
    try {
      block = new RamBlock(this, name, source, backing, dirtyPageSize,
          checked ? Optional.of(new Throwable("made here")) : Optional.empty());
      blocks.add(block);
    } catch (Throwable e) {
      source.drop();
      throw e;
    }
    return opened(block, name, backing);
  }

  private RamSource source(String name, RamBacking backing) {
    try {
      return sources.of(backing);
    } catch (OutOfMemoryError e) {
      throw refused(name, backing, e.getMessage());
    }
  }

  private static IllegalArgumentException refused(String name, RamBacking backing, String why) {
    return new IllegalArgumentException(
        "memory of " + backing.maximum() + " bytes cannot be had for region '" + name + "': " + why);
  }

  private RamBlock opened(RamBlock block, String name, RamBacking backing) {
    if (closed) {
      block.close();
      throw new IllegalStateException("the memory system is closed; make region '" + name + "' in another");
    }
    if (backing instanceof RamBacking.File) {
      block.segment();
    }
    return block;
  }

  /**
   * The size of all reserved blocks.
   *
   * @return the number of bytes
   */
  public synchronized long reservedBytes() {
    return reservedBytes;
  }

  /**
   * The number of reserved blocks.
   *
   * @return 0 if none is reserved
   */
  public synchronized long reservedBlocks() {
    return reservedBlocks;
  }

  /**
   * Forgets the dirty marks of a client.
   *
   * @param client the number of the client
   */
  public void clearDirty(int client) {
    blocks.toList().forEach(block -> block.dirty().clear(client));
  }

  /**
   * Closes every block that is still open, also after a failure, and refuses new ones. Makes no copy of the set: the
   * heap may be exhausted.
   */
  public void closeAll() {
    closed = true;
    Throwable failure = null;
    for (RamBlock block : blocks.takeAll()) {
      try {
        block.close();
      } catch (Throwable thrown) {
        failure = Failure.join(failure, thrown);
      }
    }
    Failure.rethrowAny(failure);
  }

  /** Gives the memory of a block back when the block is dropped. */
  void watch(RamBlock block, Hold hold) {
    origin.watch(block, hold::dropped);
  }

  synchronized void reserved(long bytes) {
    reservedBytes += bytes;
    reservedBlocks++;
  }

  synchronized void released(long bytes) {
    reservedBytes -= bytes;
    reservedBlocks--;
  }

  void forget(RamBlock block) {
    blocks.remove(block);
  }
}
