package io.flatview.examples.virtio;

import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
import io.flatview.memory.Access;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemTxResult;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/** Moves bytes between memory and an image: memory is mapped, so that the file reads and writes it without a copy. */
final class DiskTransfer {

  private static final int PIECE_BYTES = 1 << 20;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 18).asReadOnlyBuffer();

  private final DiskImage image;

  DiskTransfer(DiskImage image) {
    this.image = image;
  }

  /** Moves all of some buffers. */
  void run(boolean toDisk, long position, List<DmaRange> data, DmaPort port) throws IOException {
    long at = position;
    for (DmaRange buffer : data) {
      run(toDisk, at, buffer, port);
      at += buffer.length();
    }
  }

  /** In pieces: a buffer may be as long as the disk, and the device may be closed or reset before all is copied. */
  private void run(boolean toDisk, long position, DmaRange buffer, DmaPort port) throws IOException {
    long done = 0;
    while (done < buffer.length()) {
      long length = Math.min(PIECE_BYTES, buffer.length() - done);
      MappedWindow window = port.map(buffer.address() + done, length, toDisk ? Access.READ : Access.WRITE);
      long moved = window.length();
      copy(toDisk, position + done, window, port);
      done += moved;
    }
  }

  /** Memory counts as written also if the file fails midway; a device gets nothing then. */
  private void copy(boolean toDisk, long position, MappedWindow window, DmaPort port) throws IOException {
    long written = toDisk || !window.isDirect() ? 0 : window.length();
    MemTxResult result;
    try {
      port.await(() -> copy(toDisk, position, window));
      written = toDisk ? 0 : window.length();
    } finally {
      result = window.unmap(written);
    }
    if (!result.isOk()) {
      throw new DmaException("memory at " + new DmaRange(window.address(), window.length()) + ": " + result);
    }
  }

  private Void copy(boolean toDisk, long position, MappedWindow window) throws IOException {
    if (window.isDirect()) {
      move(toDisk, window.segment().asByteBuffer(), position);
      return null;
    }
    byte[] copy = new byte[(int) window.length()];
    if (toDisk) {
      MemorySegment.copy(window.segment(), 0, MemorySegment.ofArray(copy), 0, copy.length);
    }
    move(toDisk, ByteBuffer.wrap(copy), position);
    if (!toDisk) {
      MemorySegment.copy(MemorySegment.ofArray(copy), 0, window.segment(), 0, copy.length);
    }
    return null;
  }

  private void move(boolean toDisk, ByteBuffer buffer, long position) throws IOException {
    if (toDisk) {
      image.write(buffer, position);
    } else {
      image.read(buffer, position);
    }
  }

  /** Makes zeros, in a hole of the file if that may be. The device may be closed or reset between two parts. */
  void zero(long position, long bytes, boolean hole, DmaPort port) throws IOException {
    if (hole && port.await(() -> image.discard(position, bytes))) {
      return;
    }
    for (long done = 0; done < bytes && !port.isUnwanted(); done += ZEROS.capacity()) {
      ByteBuffer zeros = ZEROS.duplicate().limit((int) Math.min(ZEROS.capacity(), bytes - done));
      long at = position + done;
      port.await(() -> {
        image.write(zeros, at);
        return null;
      });
    }
  }
}
