package io.flatview.dispatch.window;

import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.MemTxResult;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A window on guest memory itself, which it keeps by a reference count of the block. */
final class DirectWindow extends Window {

  private final RamBlock block;
  private final long offset;
  private final Arena life;

  private DirectWindow(OpenWindows open, WindowRequest request, RamBlock block, long offset, long length, Arena life) {
    super(open, request, segment(block.segment().asSlice(offset, length), life));
    this.block = block;
    this.offset = offset;
    this.life = life;
  }

  /**
   * Makes a window on a block that another use keeps meanwhile. In checked mode the end of the window closes its
   * segment.
   */
  static DirectWindow on(OpenWindows open, WindowRequest request, RamBlock block, long offset, long length) {
    Arena life = open.isChecked() ? Arena.ofShared() : null;
    block.retain();
    try {
      return new DirectWindow(open, request, block, offset, length, life);
    } catch (Throwable e) {
      block.release();
      throw e;
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment segment(MemorySegment slice, Arena life) {
    return life == null ? slice : slice.reinterpret(life, null);
  }

  @Override
  public boolean isDirect() {
    return true;
  }

  @Override
  MemTxResult written(long count) {
    block.dirty().mark(offset, count);
    return MemTxResult.OK;
  }

  @Override
  void abandoned() {
    if (access().writes()) {
      written(length());
    }
  }

  @Override
  void release() {
    try {
      if (life != null) {
        life.close();
      }
    } finally {
      block.release();
    }
  }
}
