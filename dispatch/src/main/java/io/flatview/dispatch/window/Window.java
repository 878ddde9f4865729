package io.flatview.dispatch.window;

import io.flatview.dispatch.access.StackRoom;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/** The part that both kinds of windows have in common: their addresses, and that they end only once. */
abstract class Window implements MappedWindow {

  private final OpenWindows open;
  private final WindowRequest request;
  private final MemorySegment segment;
  private final AtomicBoolean ended = new AtomicBoolean();

  Window(OpenWindows open, WindowRequest request, MemorySegment segment) {
    this.open = open;
    this.request = request;
    this.segment = request.access().writes() ? segment : segment.asReadOnly();
  }

  final WindowRequest request() {
    return request;
  }

  /** Marks the first {@code count} bytes as written, or sends them to the device. */
  abstract MemTxResult written(long count);

  /** Called if the window ended without a count of the bytes that were written. */
  abstract void abandoned();

  /** Releases the resources of the window. */
  abstract void release();

  @Override
  public final AddressSpace addressSpace() {
    return request.space();
  }

  @Override
  public final long address() {
    return request.address();
  }

  @Override
  public final long length() {
    return segment.byteSize();
  }

  @Override
  public final Access access() {
    return request.access();
  }

  @Override
  public final MemTxAttrs attributes() {
    return request.attributes();
  }

  @Override
  public final MemorySegment segment() {
    if (ended.get()) {
      throw new IllegalStateException(this + " has ended; map a new one");
    }
    return segment;
  }

  @Override
  public final MemTxResult unmap(long written) {
    long most = access().writes() ? length() : 0;
    if (written < 0 || written > most) {
      throw new IllegalArgumentException(written + " bytes cannot have been written to " + this + ", at most " + most);
    }
    StackRoom.requireForSure();
    if (!ended.compareAndSet(false, true)) {
      throw new IllegalStateException(this + " has ended already");
    }
    try {
      return written == 0 ? MemTxResult.OK : written(written);
    } finally {
      end();
    }
  }

  @Override
  public final void close() {
    if (!access().writes()) {
      closeQuietly();
    } else if (closeQuietly()) {
      throw new IllegalStateException(this + " was closed without the number of written bytes; call unmap(written)");
    }
  }

  private boolean closeQuietly() {
    StackRoom.requireForSure();
    boolean first = ended.compareAndSet(false, true);
    if (first) {
      try {
        abandoned();
      } finally {
        end();
      }
    }
    return first;
  }

  private void end() {
    try {
      open.remove(this);
    } finally {
      release();
    }
  }

  @Override
  public final String toString() {
    return "window " + new AddressRange(address(), address() + length() - 1) + " of " + addressSpace() + " for "
        + access();
  }
}
