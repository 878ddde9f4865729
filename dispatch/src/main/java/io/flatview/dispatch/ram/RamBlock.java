package io.flatview.dispatch.ram;

import io.flatview.dispatch.dirty.DirtyLog;
import io.flatview.dispatch.ram.RamSource.Reservation;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import io.flatview.rcu.Milestone;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of one region.
 *
 * <p><b>Lifetime.</b> The block counts its users: its region until that is {@linkplain #close() closed}, each
 * published view that shows it, each mapped window and each copy under way. A view counts from just before its
 * publication until a grace period after its replacement, so a reader that can reach the block holds the count above
 * zero. At zero the memory is released, and the count stays zero.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard</th></tr>
 * <tr><td>segment</td><td>plain, by readers in a section and under the monitor</td><td>plain,
 * once</td><td>monitor</td></tr>
 * <tr><td>address</td><td>plain, by readers in a section; 0 sends them to the segment</td><td>plain,
 * once</td><td>monitor</td></tr>
 * <tr><td>reservation, gone</td><td>plain</td><td>plain, once</td><td>monitor</td></tr>
 * <tr><td>uses</td><td>atomic</td><td>atomic</td><td>-</td></tr>
 * </table>
 *
 * <p>A reader that reads null from the plain {@code segment} takes the monitor. Reading the segment without
 * synchronisation is safe: the implementations of {@link MemorySegment} hold their state in final fields.
 */
public final class RamBlock {

  private final RamAllocator allocator;
  private final String name;
  private final RamSource source;
  private final RamBacking backing;
  private final DirtyLog dirty;
  private final Optional<Throwable> created;
  private final AtomicLong uses = new AtomicLong(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Milestone released = new Milestone();
  private MemorySegment segment;
  private long address;
  private Reservation reservation;
  private boolean gone;

  RamBlock(RamAllocator allocator, String name, RamSource source, RamBacking backing, int dirtyPageSize,
      Optional<Throwable> created) {
    this.allocator = allocator;
    this.name = name;
    this.source = source;
    this.backing = backing;
    this.created = created;
    this.dirty = new DirtyLog(backing.maximum().toBytes(), dirtyPageSize);
  }

  /**
   * The stack of the block's creation.
   *
   * @return empty unless in checked mode
   */
  public Optional<Throwable> created() {
    return created;
  }

  /**
   * Whether the block belongs to a memory system.
   *
   * @param other that system's allocator
   * @return false for another system's
   */
  public boolean isOf(RamAllocator other) {
    return allocator == other;
  }

  /**
   * The largest size of the block.
   *
   * @return at most 2<sup>63</sup>-1 bytes
   */
  public Size maximum() {
    return backing.maximum();
  }

  /**
   * Whether its region may have any size up to the maximum.
   *
   * @return false if the size is fixed
   */
  public boolean isResizable() {
    return backing instanceof RamBacking.Resizable;
  }

  /**
   * Whether no write is possible, not even by the owner.
   *
   * @return true for read-only files and segments
   */
  public boolean isReadOnly() {
    return switch (backing) {
      case RamBacking.Zeroed _, RamBacking.Resizable _ -> false;
      case RamBacking.File file -> file.sharing() == RamBacking.Sharing.READ_ONLY;
      case RamBacking.Existing existing -> existing.segment().isReadOnly();
    };
  }

  /**
   * The log of written pages. A thread that writes memory must mark the page after its write.
   *
   * @return the log, for all clients
   */
  public DirtyLog dirty() {
    return dirty;
  }

  /**
   * The memory; the first call takes it from the source. The caller must have a use of the block, or have reached the
   * block in a section.
   *
   * @return the whole memory
   * @throws OutOfMemoryError if the system refuses
   * @throws IllegalStateException if the block was released before it was reserved
   */
  public MemorySegment segment() {
    MemorySegment present = segment;
    return present != null ? present : reserve();
  }

  /**
   * The address of the memory in this process, for accesses without checks of bounds and lifetime. The caller must be
   * allowed to call {@link #segment()}.
   *
   * @return 0 before memory is reserved, and for memory that must be reached through its segment: it is on the heap,
   *     belongs to an arena that is closed some day, or cannot be written
   */
  public long address() {
    return address;
  }

  private synchronized MemorySegment reserve() {
    if (segment == null) {
      if (gone) {
        throw isReleased();
      }
      Reservation taken = taken();
      if (taken.watched() && taken.hold() != null) {
        allocator.watch(this, taken.hold());
      }
      reservation = taken;
      allocator.reserved(maximum().toBytes());
      address = reservation.address();
      segment = reservation.segment();
    }
    return segment;
  }

  private IllegalStateException isReleased() {
    return new IllegalStateException("the memory of region '" + name + "' is released");
  }

  private Reservation taken() {
    try {
      return source.reserve();
    } catch (OutOfMemoryError e) {
      OutOfMemoryError named = new OutOfMemoryError(
          "memory of " + maximum() + " bytes cannot be had for region '" + name + "': " + e.getMessage());
      named.initCause(e);
      throw named;
    }
  }

  /**
   * Copies into the block, which is not released meanwhile.
   *
   * @param offset the offset of the first byte; the content must fit
   * @param content the bytes to copy
   */
  public void copyIn(long offset, MemorySegment content) {
    use(content.byteSize(), () -> {
      segment().asSlice(offset, content.byteSize()).copyFrom(content);
      dirty.mark(offset, content.byteSize());
    });
  }

  /**
   * Copies out of the block, which is not released meanwhile.
   *
   * @param offset the offset of the first byte; the block must hold all bytes
   * @param into takes the bytes; its size is the number to copy
   */
  public void copyOut(long offset, MemorySegment into) {
    use(into.byteSize(), () -> into.copyFrom(segment().asSlice(offset, into.byteSize())));
  }

  /**
   * Makes a range read as zeros.
   *
   * @param offset the offset of the first byte
   * @param length the number of bytes
   * @return the number of bytes that went back to the system
   */
  public long discard(long offset, long length) {
    long[] givenBack = new long[1];
    use(length, () -> {
      givenBack[0] = reservation().discard(offset, length);
      dirty.mark(offset, length);
    });
    return givenBack[0];
  }

  private synchronized Reservation reservation() {
    reserve();
    return reservation;
  }

  private void use(long length, Runnable work) {
    if (length == 0) {
      return;
    }
    if (!tryRetain()) {
      throw isReleased();
    }
    try {
      work.run();
    } finally {
      release();
    }
  }

  /**
   * Adds a use. The caller knows that another use lasts meanwhile: that of a view that is about to be published, or of
   * a section that reached the block.
   *
   * @throws IllegalStateException if there is no use
   */
  public void retain() {
    if (!tryRetain()) {
      throw isReleased();
    }
  }

  private boolean tryRetain() {
    long count = uses.get();
    while (count != 0 && !uses.compareAndSet(count, count + 1)) {
      count = uses.get();
    }
    return count != 0;
  }

  /** Ends a use: called when no reader can reach the block through a view any more, or a window has ended. */
  public void release() {
    if (uses.decrementAndGet() == 0) {
      giveBack();
    }
  }

  /** Called when the region is closed and will not show again. Closing twice does nothing. */
  public void close() {
    if (closed.compareAndSet(false, true)) {
      allocator.forget(this);
      release();
    }
  }

  /**
   * Completes when the memory has been given back.
   *
   * @return a stage that completes after the last use has ended
   */
  public CompletionStage<Void> released() {
    return released.stage();
  }

  /**
   * Called if the policy gives up before it knows that no reader can reach the block through a view that showed it: the
   * use of that view does not end, and so the memory is not given back.
   *
   * @param cause says why
   */
  public void abandon(Throwable cause) {
    released.fail(cause);
  }

  private void giveBack() {
    try {
      Reservation last = last();
      if (last != null) {
        last.release();
        allocator.released(maximum().toBytes());
      } else {
        source.drop();
      }
      released.reach();
    } catch (Throwable thrown) {
      released.fail(thrown);
      throw thrown;
    }
  }

  /** The reservation, or null; after this call none is made any more. */
  private synchronized Reservation last() {
    gone = true;
    return reservation;
  }
}
