package io.flatview.dispatch.ram;

import io.flatview.dispatch.ram.RamReserver.Reservation;
import java.lang.foreign.MemorySegment;

/**
 * The memory of one region.
 *
 * <p><b>Lifetime.</b> The block counts the published views that show it. A view is counted from just before its
 * publication until a grace period after its replacement, so a reader that can reach the block holds the count above
 * zero. Memory is released when the block is {@linkplain #close() closed} and the count is zero, whichever comes last.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>read</th><th>written</th><th>guard</th></tr>
 * <tr><td>segment</td><td>plain, by readers in a section and under the monitor</td><td>plain,
 * once</td><td>monitor</td></tr>
 * <tr><td>reservation, views, closed</td><td>plain</td><td>plain</td><td>monitor</td></tr>
 * </table>
 *
 * <p>A reader that misses the plain {@code segment} takes the monitor. Seeing it without synchronisation is safe: the
 * implementations of {@link MemorySegment} hold their state in final fields.
 */
public final class RamBlock {

  private final RamAllocator allocator;
  private final long bytes;
  private MemorySegment segment;
  private Reservation reservation;
  private int views;
  private boolean closed;

  RamBlock(RamAllocator allocator, long bytes) {
    this.allocator = allocator;
    this.bytes = bytes;
  }

  /**
   * The memory; reserved by the first call. Only for a reader inside a section that reached this block.
   *
   * @return all of it
   */
  public MemorySegment segment() {
    MemorySegment present = segment;
    return present != null ? present : reserve();
  }

  private synchronized MemorySegment reserve() {
    if (segment == null) {
      reservation = allocator.reserve(bytes);
      segment = reservation.segment();
    }
    return segment;
  }

  /**
   * Copies into the block, which is not released meanwhile.
   *
   * @param offset where; the content must fit
   * @param content what
   */
  public synchronized void copyIn(long offset, MemorySegment content) {
    part(offset, content.byteSize()).copyFrom(content);
  }

  /**
   * Copies out of the block, which is not released meanwhile.
   *
   * @param offset where; that much must be there
   * @param into its size says how much
   */
  public synchronized void copyOut(long offset, MemorySegment into) {
    into.copyFrom(part(offset, into.byteSize()));
  }

  private MemorySegment part(long offset, long length) {
    if (length == 0) {
      return MemorySegment.NULL;
    }
    if (closed && views == 0) {
      throw new IllegalStateException("the memory is released");
    }
    return segment().asSlice(offset, length);
  }

  /** A view that shows the block is about to be published. */
  public synchronized void retain() {
    views++;
  }

  /** No reader can reach the block through one of its views any more. */
  public synchronized void release() {
    views--;
    releaseIfUnused();
  }

  /** The region will not be shown again. Closing twice does nothing. */
  public synchronized void close() {
    if (!closed) {
      closed = true;
      allocator.forget(this);
      releaseIfUnused();
    }
  }

  private void releaseIfUnused() {
    if (closed && views == 0 && reservation != null) {
      Reservation released = reservation;
      reservation = null;
      released.release().run();
      allocator.released(bytes);
    }
  }
}
