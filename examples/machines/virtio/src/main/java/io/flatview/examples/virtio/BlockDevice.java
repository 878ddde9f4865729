package io.flatview.examples.virtio;

import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
import io.flatview.memory.Access;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemTxResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * A disk in a file: read, write, flush, and its name. Buffers go to the file and back without a copy. Serves any number
 * of threads, a request each; configuration is constant.
 */
public final class BlockDevice implements VirtioDevice {

  private static final int ID = 2;
  private static final int SECTOR = 512;
  private static final long SEGMENT_MAX = 1 << 2;
  private static final long READ_ONLY = 1 << 5;
  private static final long BLOCK_SIZE = 1 << 6;
  private static final long FLUSH = 1 << 9;
  private static final long MULTIPLE_QUEUES = 1 << 12;
  private static final int CONFIGURATION_BYTES = 60;
  private static final int MAX_SEGMENTS = 126;
  private static final int HEADER_BYTES = 16;
  private static final int NAME_BYTES = 20;
  private static final int KIND = 0170000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int PIECE_BYTES = 1 << 20;
  private static final int MOST_AT_ONCE = 8;

  private static final int READ_REQUEST = 0;
  private static final int WRITE_REQUEST = 1;
  private static final int FLUSH_REQUEST = 4;
  private static final int NAME_REQUEST = 8;

  private static final int OK = 0;
  private static final int IO_ERROR = 1;
  private static final int UNSUPPORTED = 2;

  private final FileChannel file;
  private final boolean readOnly;
  private final int queues;
  private final long sectors;
  private final byte[] configuration;

  /**
   * Opens a disk with one queue, read-only if the file is.
   *
   * @param path a raw image; written to if it may be
   * @throws IOException if it cannot be opened
   */
  public BlockDevice(Path path) throws IOException {
    this(path, !Files.isWritable(path), 1);
  }

  /**
   * Opens a disk.
   *
   * @param path a raw image
   * @param readOnly whether the driver may not write
   * @param queues how many, at least 1
   * @throws IOException if it cannot be opened
   */
  public BlockDevice(Path path, boolean readOnly, int queues) throws IOException {
    if (!Files.isRegularFile(path) && Files.exists(path) && !isBlockDevice(path)) {
      throw new IOException("it is neither a file nor a block device");
    }
    this.readOnly = readOnly;
    this.queues = queues;
    file = readOnly
        ? FileChannel.open(path, StandardOpenOption.READ)
        : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    sectors = file.size() / SECTOR;
    configuration = ByteBuffer.allocate(CONFIGURATION_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, sectors).putInt(12, MAX_SEGMENTS).putInt(20, SECTOR).putShort(34, (short) queues)
        .array();
  }

  private static boolean isBlockDevice(Path path) throws IOException {
    try {
      return ((int) Files.getAttribute(path, "unix:mode") & KIND) == BLOCK_DEVICE;
    } catch (UnsupportedOperationException | IllegalArgumentException _) {
      return false;
    }
  }

  @Override
  public int id() {
    return ID;
  }

  @Override
  public long features() {
    return SEGMENT_MAX | BLOCK_SIZE | FLUSH | (readOnly ? READ_ONLY : 0) | (queues > 1 ? MULTIPLE_QUEUES : 0);
  }

  @Override
  public int queues() {
    return queues;
  }

  @Override
  public int mostAtOnce() {
    return MOST_AT_ONCE;
  }

  @Override
  public int configurationBytes() {
    return configuration.length;
  }

  @Override
  public byte configuration(int offset) {
    return offset < configuration.length ? configuration[offset] : 0;
  }

  /**
   * A request without room for its header or its status is no request, and memory that does not answer is no buffer:
   * both need a reset, as with QEMU.
   */
  @Override
  public void serve(VirtioRequest request, DmaPort port) {
    long readable = VirtioRequest.bytes(request.readable());
    long writable = VirtioRequest.bytes(request.writable());
    if (readable < HEADER_BYTES || writable < 1) {
      throw new DmaException("a request of " + readable + " bytes to read and " + writable + " to write");
    }
    ByteBuffer header = header(request, port);
    List<DmaRange> out = VirtioRequest.part(request.readable(), HEADER_BYTES, readable - HEADER_BYTES);
    List<DmaRange> in = VirtioRequest.part(request.writable(), 0, writable - 1);
    byte status = (byte) status(header, out, in, port);
    VirtioRequest.scatter(new byte[] {status}, VirtioRequest.part(request.writable(), writable - 1, 1), port);
  }

  private static ByteBuffer header(VirtioRequest request, DmaPort port) {
    byte[] header = new byte[HEADER_BYTES];
    VirtioRequest.gather(request.readable(), header, port);
    return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
  }

  private int status(ByteBuffer header, List<DmaRange> out, List<DmaRange> in, DmaPort port) {
    try {
      return switch (header.getInt(0)) {
        case READ_REQUEST -> transfer(false, header.getLong(8), in, port);
        case WRITE_REQUEST -> transfer(true, header.getLong(8), out, port);
        case FLUSH_REQUEST -> flush(port);
        case NAME_REQUEST -> name(in, port);
        default -> UNSUPPORTED;
      };
    } catch (IOException e) {
      return IO_ERROR;
    }
  }

  private int transfer(boolean toDisk, long sector, List<DmaRange> data, DmaPort port) throws IOException {
    long bytes = VirtioRequest.bytes(data);
    if (bytes % SECTOR != 0 || !DmaRange.fits(sector, bytes / SECTOR, sectors) || (toDisk && readOnly)) {
      return IO_ERROR;
    }
    long position = sector * SECTOR;
    for (DmaRange buffer : data) {
      transfer(toDisk, position, buffer, port);
      position += buffer.length();
    }
    return OK;
  }

  /** In pieces: a buffer may be as long as the disk, and the device may be closed or reset before all is copied. */
  private void transfer(boolean toDisk, long position, DmaRange buffer, DmaPort port) throws IOException {
    long done = 0;
    while (done < buffer.length()) {
      long length = Math.min(PIECE_BYTES, buffer.length() - done);
      MappedWindow window = port.map(buffer.address() + done, length, toDisk ? Access.READ : Access.WRITE);
      long moved = window.length();
      transfer(toDisk, position + done, window, port);
      done += moved;
    }
  }

  /** Memory counts as written also if the file fails midway; a device gets nothing then. */
  private void transfer(boolean toDisk, long position, MappedWindow window, DmaPort port) throws IOException {
    long written = toDisk || !window.isDirect() ? 0 : window.length();
    MemTxResult result;
    try {
      port.await(() -> transfer(toDisk, position, window));
      written = toDisk ? 0 : window.length();
    } finally {
      result = window.unmap(written);
    }
    if (!result.isOk()) {
      throw new DmaException("memory at " + new DmaRange(window.address(), window.length()) + ": " + result);
    }
  }

  private Void transfer(boolean toDisk, long position, MappedWindow window) throws IOException {
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
      write(buffer, position);
    } else {
      read(buffer, position);
    }
  }

  /** What the file does not have, since it has become shorter, is zero. */
  private void read(ByteBuffer buffer, long position) throws IOException {
    int count = 0;
    while (buffer.hasRemaining() && count >= 0) {
      count = file.read(buffer, position + buffer.position());
    }
    MemorySegment.ofBuffer(buffer).fill((byte) 0);
  }

  private void write(ByteBuffer buffer, long position) throws IOException {
    while (buffer.hasRemaining()) {
      file.write(buffer, position + buffer.position());
    }
  }

  private int flush(DmaPort port) throws IOException {
    return port.await(() -> {
      file.force(false);
      return OK;
    });
  }

  private static int name(List<DmaRange> data, DmaPort port) {
    if (data.isEmpty()) {
      return IO_ERROR;
    }
    byte[] name = Arrays.copyOf("flatview".getBytes(StandardCharsets.US_ASCII), NAME_BYTES);
    VirtioRequest.scatter(name, data, port);
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
