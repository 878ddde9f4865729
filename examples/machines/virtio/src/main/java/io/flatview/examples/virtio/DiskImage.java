package io.flatview.examples.virtio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A raw image: a file or a block device of the host. Positions and lengths are bytes within it. Thread-safe. */
final class DiskImage implements AutoCloseable {

  private static final int KIND = 0170000;
  private static final int BLOCK_DEVICE = 0060000;

  private final FileChannel file;
  private final Holes holes;
  private final long bytes;

  DiskImage(Path path, boolean readOnly) throws IOException {
    if (!Files.isRegularFile(path) && Files.exists(path) && !isBlockDevice(path)) {
      throw new IOException("it is neither a file nor a block device");
    }
    file = readOnly
        ? FileChannel.open(path, StandardOpenOption.READ)
        : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    holes = readOnly ? null : Holes.in(path);
    bytes = file.size();
  }

  private static boolean isBlockDevice(Path path) throws IOException {
    try {
      return ((int) Files.getAttribute(path, "unix:mode") & KIND) == BLOCK_DEVICE;
    } catch (UnsupportedOperationException | IllegalArgumentException _) {
      return false;
    }
  }

  /** How large it was when it was opened. */
  long bytes() {
    return bytes;
  }

  /** Fills a buffer. Bytes that the file does not have, since it has become shorter, are zero. */
  void read(ByteBuffer buffer, long position) throws IOException {
    int count = 0;
    while (buffer.hasRemaining() && count >= 0) {
      count = file.read(buffer, position + buffer.position());
    }
    MemorySegment.ofBuffer(buffer).fill((byte) 0);
  }

  void write(ByteBuffer buffer, long position) throws IOException {
    while (buffer.hasRemaining()) {
      file.write(buffer, position + buffer.position());
    }
  }

  /** Makes zeros that take no room in the file, if that can be; says whether it could. */
  boolean discard(long position, long length) {
    return length == 0 || holes.make(position, length);
  }

  /** Returns when the host says that all that was written before is on the disk. */
  void flush() throws IOException {
    file.force(false);
  }

  @Override
  public void close() {
    if (holes != null) {
      holes.close();
    }
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
