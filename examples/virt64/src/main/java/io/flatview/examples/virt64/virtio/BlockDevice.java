package io.flatview.examples.virt64.virtio;

import io.flatview.examples.virt64.dma.BusMaster;
import io.flatview.examples.virt64.dma.DmaException;
import io.flatview.examples.virt64.virtio.VirtioRequest.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/** A disk in a file: read, write, flush, and its name. Serves one thread; configuration is constant. */
public final class BlockDevice implements VirtioDevice, AutoCloseable {

  private static final int ID = 2;
  private static final int SECTOR = 512;
  private static final long SEGMENT_MAX = 1 << 2;
  private static final long READ_ONLY = 1 << 5;
  private static final long BLOCK_SIZE = 1 << 6;
  private static final long FLUSH = 1 << 9;
  private static final int MAX_SEGMENTS = 126;
  private static final int HEADER_BYTES = 16;
  private static final int NAME_BYTES = 20;

  private static final int READ_REQUEST = 0;
  private static final int WRITE_REQUEST = 1;
  private static final int FLUSH_REQUEST = 4;
  private static final int NAME_REQUEST = 8;

  private static final int OK = 0;
  private static final int IO_ERROR = 1;
  private static final int UNSUPPORTED = 2;

  private final FileChannel file;
  private final boolean readOnly;
  private final long sectors;
  private final byte[] configuration;

  /**
   * Opens a disk.
   *
   * @param path a raw image; written to if it may be
   * @throws IOException if it cannot be opened
   */
  public BlockDevice(Path path) throws IOException {
    readOnly = !Files.isWritable(path);
    file = readOnly
        ? FileChannel.open(path, StandardOpenOption.READ)
        : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    sectors = file.size() / SECTOR;
    configuration = ByteBuffer.allocate(24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, sectors).putInt(12, MAX_SEGMENTS).putInt(20, SECTOR)
        .array();
  }

  @Override
  public int id() {
    return ID;
  }

  @Override
  public long features() {
    return SEGMENT_MAX | BLOCK_SIZE | FLUSH | (readOnly ? READ_ONLY : 0);
  }

  @Override
  public byte configuration(int offset) {
    return offset < configuration.length ? configuration[offset] : 0;
  }

  @Override
  public void serve(VirtioRequest request, BusMaster bus) {
    List<Buffer> buffers = request.buffers();
    if (buffers.size() < 2 || buffers.getFirst().length() < HEADER_BYTES || !buffers.getLast().writable()) {
      return;
    }
    int type = (int) bus.load(buffers.getFirst().address(), 4);
    long sector = bus.load(buffers.getFirst().address() + 8, 8);
    Buffer last = buffers.getLast();
    bus.store(last.address() + last.length() - 1, 1, status(type, sector, buffers, bus));
  }

  private int status(int type, long sector, List<Buffer> buffers, BusMaster bus) {
    List<Buffer> data = buffers.subList(1, buffers.size() - 1);
    try {
      return switch (type) {
        case READ_REQUEST, WRITE_REQUEST -> transfer(type == WRITE_REQUEST, sector, data, bus);
        case FLUSH_REQUEST -> flush();
        case NAME_REQUEST -> name(data, bus);
        default -> UNSUPPORTED;
      };
    } catch (IOException | DmaException e) {
      return IO_ERROR;
    }
  }

  private int transfer(boolean toDisk, long sector, List<Buffer> data, BusMaster bus) throws IOException {
    long position = sector * SECTOR;
    long end = sectors * SECTOR;
    for (Buffer buffer : data) {
      boolean fits = buffer.length() >= 0 && position >= 0 && position <= end - buffer.length();
      if (!fits || buffer.writable() == toDisk || (toDisk && readOnly)) {
        return IO_ERROR;
      }
      byte[] content = new byte[buffer.length()];
      if (toDisk) {
        bus.read(buffer.address(), content, 0, content.length);
        write(content, position);
      } else {
        read(content, position);
        bus.write(buffer.address(), content, 0, content.length);
      }
      position += content.length;
    }
    return OK;
  }

  private void read(byte[] content, long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    int count = 0;
    while (buffer.hasRemaining() && count >= 0) {
      count = file.read(buffer, position + buffer.position());
    }
  }

  private void write(byte[] content, long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    while (buffer.hasRemaining()) {
      file.write(buffer, position + buffer.position());
    }
  }

  private int flush() throws IOException {
    file.force(false);
    return OK;
  }

  private static int name(List<Buffer> data, BusMaster bus) {
    if (data.isEmpty()) {
      return IO_ERROR;
    }
    byte[] name = Arrays.copyOf("flatview".getBytes(StandardCharsets.US_ASCII), NAME_BYTES);
    bus.write(data.getFirst().address(), name, 0, Math.min(NAME_BYTES, data.getFirst().length()));
    return OK;
  }

  /** Closes the file. */
  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
