package io.flatview.examples.virtio;

import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a disk that a driver names in a request's data: to be discarded, or zeros. Not checked.
 *
 * @param sector the first, unsigned
 * @param count of sectors, below 2<sup>32</sup>
 * @param flags {@link #UNMAP}, and others that mean nothing
 */
record DiskPiece(long sector, long count, int flags) {

  /** The piece need not have room in the file. */
  static final int UNMAP = 1;

  /** As many as a request may name. */
  static final int MOST = 32;

  private static final int BYTES = 16;

  /** The pieces of a request; none if its data is none of pieces, or of too many. */
  static List<DiskPiece> all(List<DmaRange> data, DmaPort port) {
    long bytes = VirtioRequest.bytes(data);
    if (bytes % BYTES != 0 || bytes > MOST * BYTES) {
      return List.of();
    }
    byte[] named = new byte[(int) bytes];
    VirtioRequest.gather(data, named, port);
    ByteBuffer left = ByteBuffer.wrap(named).order(ByteOrder.LITTLE_ENDIAN);
    List<DiskPiece> pieces = new ArrayList<>();
    while (left.hasRemaining()) {
      pieces.add(new DiskPiece(left.getLong(), Integer.toUnsignedLong(left.getInt()), left.getInt()));
    }
    return pieces;
  }
}
