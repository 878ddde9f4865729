package io.flatview.examples.virtio;

import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A disk in a file: read, write, flush, discard, write zeroes, and its name. Buffers go to the file and back without a
 * copy. Serves any number of threads, a request each; configuration is constant.
 *
 * <p>What was written is on the host's disk once a flush that came later is done. A driver that does not accept the
 * feature of flushes has each write flushed before it is done.
 */
public final class BlockDevice implements VirtioDevice {

  /** The feature of flushes. */
  public static final long FLUSH = 1 << 9;

  /** The feature of pieces that the driver says it does not need. */
  public static final long DISCARD = 1 << 13;

  /** The feature of zeros that the driver does not send. */
  public static final long WRITE_ZEROES = 1 << 14;

  private static final int ID = 2;
  private static final int SECTOR = 512;
  private static final long SEGMENT_MAX = 1 << 2;
  private static final long READ_ONLY = 1 << 5;
  private static final long BLOCK_SIZE = 1 << 6;
  private static final long TOPOLOGY = 1 << 10;
  private static final long MULTIPLE_QUEUES = 1 << 12;
  private static final int CONFIGURATION_BYTES = 60;
  private static final int MAX_SEGMENTS = 126;
  private static final int HEADER_BYTES = 16;
  private static final int NAME_BYTES = 20;
  private static final int MOST_AT_ONCE = 8;

  /** A write of less than a page of the host makes it read the page before. */
  private static final int PAGE_SHIFT = 3;

  private static final int MOST_DISCARDED_SECTORS = 1 << 22;

  /** Where no holes can be made, zeros are written: 64 MiB take a while, and a piece cannot be interrupted. */
  private static final int MOST_ZEROED_SECTORS = 1 << 17;

  private static final int READ_REQUEST = 0;
  private static final int WRITE_REQUEST = 1;
  private static final int FLUSH_REQUEST = 4;
  private static final int NAME_REQUEST = 8;
  private static final int DISCARD_REQUEST = 11;
  private static final int ZEROES_REQUEST = 13;

  private static final int OK = 0;
  private static final int IO_ERROR = 1;
  private static final int UNSUPPORTED = 2;

  private final DiskImage image;
  private final DiskTransfer transfer;
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
    this.readOnly = readOnly;
    this.queues = queues;
    image = new DiskImage(path, readOnly);
    transfer = new DiskTransfer(image);
    sectors = image.bytes() / SECTOR;
    configuration = ByteBuffer.allocate(CONFIGURATION_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, sectors).putInt(12, MAX_SEGMENTS).putInt(20, SECTOR).put(24, (byte) PAGE_SHIFT)
        .putShort(34, (short) queues)
        .putInt(36, MOST_DISCARDED_SECTORS).putInt(40, DiskPiece.MOST).putInt(44, 1 << PAGE_SHIFT)
        .putInt(48, MOST_ZEROED_SECTORS).putInt(52, DiskPiece.MOST).put(56, (byte) 1)
        .array();
  }

  @Override
  public int id() {
    return ID;
  }

  @Override
  public long features() {
    return SEGMENT_MAX | BLOCK_SIZE | TOPOLOGY | FLUSH | (readOnly ? READ_ONLY : DISCARD | WRITE_ZEROES)
        | (queues > 1 ? MULTIPLE_QUEUES : 0);
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
  public void serve(VirtioRequest request, long features, DmaPort port) {
    long readable = request.readableBytes();
    long writable = request.writableBytes();
    if (readable < HEADER_BYTES || writable < 1) {
      throw new DmaException("a request of " + readable + " bytes to read and " + writable + " to write");
    }
    byte status = (byte) status(request, features, port);
    DmaRange last = request.writable().getLast();
    port.store(last.address() + last.length() - 1, 1, status);
  }

  private int status(VirtioRequest request, long features, DmaPort port) {
    byte[] bytes = new byte[HEADER_BYTES];
    VirtioRequest.gather(request.readable(), bytes, port);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      return status(header.getInt(0), header.getLong(8), request, features, port);
    } catch (IOException e) {
      return IO_ERROR;
    }
  }

  private int status(int type, long sector, VirtioRequest request, long features, DmaPort port) throws IOException {
    return switch (type) {
      case READ_REQUEST -> transfer(false, sector, in(request), port);
      case WRITE_REQUEST -> written(transfer(true, sector, out(request), port), features, port);
      case FLUSH_REQUEST -> flush(port);
      case NAME_REQUEST -> name(in(request), port);
      case DISCARD_REQUEST -> readOnly ? UNSUPPORTED : discard(out(request), port);
      case ZEROES_REQUEST -> readOnly ? UNSUPPORTED : written(writeZeroes(out(request), port), features, port);
      default -> UNSUPPORTED;
    };
  }

  /** The buffers after the header. */
  private static List<DmaRange> out(VirtioRequest request) {
    return VirtioRequest.part(request.readable(), HEADER_BYTES, request.readableBytes() - HEADER_BYTES);
  }

  /** The buffers before the status. */
  private static List<DmaRange> in(VirtioRequest request) {
    return VirtioRequest.part(request.writable(), 0, request.writableBytes() - 1);
  }

  private int transfer(boolean toDisk, long sector, List<DmaRange> data, DmaPort port) throws IOException {
    long bytes = VirtioRequest.bytes(data);
    if (bytes % SECTOR != 0 || !DmaRange.fits(sector, bytes / SECTOR, sectors) || (toDisk && readOnly)) {
      return IO_ERROR;
    }
    transfer.run(toDisk, sector * SECTOR, data, port);
    return OK;
  }

  /** Without flushes, a driver takes what is done for lasting. */
  private int written(int status, long features, DmaPort port) throws IOException {
    return status == OK && (features & FLUSH) == 0 ? flush(port) : status;
  }

  private int flush(DmaPort port) throws IOException {
    return port.await(() -> {
      image.flush();
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

  /** A range that cannot be discarded keeps its bytes: the driver has said that they mean nothing. */
  private int discard(List<DmaRange> data, DmaPort port) throws IOException {
    List<DiskPiece> pieces = DiskPiece.all(data, port);
    int status = status(pieces, MOST_DISCARDED_SECTORS, 0);
    for (DiskPiece piece : status == OK ? pieces : List.<DiskPiece>of()) {
      port.await(() -> image.discard(piece.sector() * SECTOR, piece.count() * SECTOR));
    }
    return status;
  }

  private int writeZeroes(List<DmaRange> data, DmaPort port) throws IOException {
    List<DiskPiece> pieces = DiskPiece.all(data, port);
    int status = status(pieces, MOST_ZEROED_SECTORS, DiskPiece.UNMAP);
    for (DiskPiece piece : status == OK ? pieces : List.<DiskPiece>of()) {
      transfer.zero(piece.sector() * SECTOR, piece.count() * SECTOR, piece.flags() == DiskPiece.UNMAP, port);
    }
    return status;
  }

  /** Checks all before any is touched. */
  private int status(List<DiskPiece> pieces, int mostSectors, int flags) {
    int status = pieces.isEmpty() ? IO_ERROR : OK;
    for (DiskPiece piece : pieces) {
      if ((piece.flags() & ~flags) != 0) {
        return UNSUPPORTED;
      }
      boolean fits = piece.count() <= mostSectors && DmaRange.fits(piece.sector(), piece.count(), sectors);
      status = fits ? status : IO_ERROR;
    }
    return status;
  }

  /** Closes the file. */
  @Override
  public void close() {
    image.close();
  }
}
