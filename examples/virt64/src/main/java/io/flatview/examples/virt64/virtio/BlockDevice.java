package io.flatview.examples.virt64.virtio;

import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
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
public final class BlockDevice implements VirtioDevice {

  private static final int ID = 2;
  private static final int SECTOR = 512;
  private static final long SEGMENT_MAX = 1 << 2;
  private static final long READ_ONLY = 1 << 5;
  private static final long BLOCK_SIZE = 1 << 6;
  private static final long FLUSH = 1 << 9;
  private static final int MAX_SEGMENTS = 126;
  private static final int HEADER_BYTES = 16;
  private static final int NAME_BYTES = 20;
  private static final int KIND = 0170000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int PIECE_BYTES = 64 << 10;

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
  private final byte[] piece = new byte[PIECE_BYTES];

  /**
   * Opens a disk.
   *
   * @param path a raw image; written to if it may be
   * @throws IOException if it cannot be opened
   */
  public BlockDevice(Path path) throws IOException {
    if (!Files.isRegularFile(path) && Files.exists(path) && !isBlockDevice(path)) {
      throw new IOException("it is neither a file nor a block device");
    }
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
    return SEGMENT_MAX | BLOCK_SIZE | FLUSH | (readOnly ? READ_ONLY : 0);
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
    byte[] header = new byte[HEADER_BYTES];
    VirtioRequest.gather(request.readable(), header, port);
    List<DmaRange> out = VirtioRequest.part(request.readable(), HEADER_BYTES, readable - HEADER_BYTES);
    List<DmaRange> in = VirtioRequest.part(request.writable(), 0, writable - 1);
    byte status = (byte) status(ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN), out, in, port);
    VirtioRequest.scatter(new byte[] {status}, VirtioRequest.part(request.writable(), writable - 1, 1), port);
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
    for (long done = 0; done < buffer.length(); done += PIECE_BYTES) {
      int length = (int) Math.min(PIECE_BYTES, buffer.length() - done);
      long address = buffer.address() + done;
      long place = position + done;
      if (toDisk) {
        port.read(address, piece, 0, length);
        port.await(() -> write(length, place));
      } else {
        port.await(() -> read(length, place));
        port.write(address, piece, 0, length);
      }
    }
  }

  /** What the file does not have, since it has become shorter, is zero. */
  private int read(int length, long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(piece, 0, length);
    int count = 0;
    while (buffer.hasRemaining() && count >= 0) {
      count = file.read(buffer, position + buffer.position());
    }
    Arrays.fill(piece, buffer.position(), length, (byte) 0);
    return length;
  }

  private int write(int length, long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(piece, 0, length);
    while (buffer.hasRemaining()) {
      file.write(buffer, position + buffer.position());
    }
    return length;
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
