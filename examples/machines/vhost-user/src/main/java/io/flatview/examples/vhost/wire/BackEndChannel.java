package io.flatview.examples.vhost.wire;

import io.flatview.examples.vhost.host.UnixSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The connection on which a back end asks the front end. No reply is asked for. Thread-safe. */
public final class BackEndChannel implements AutoCloseable {

  private static final int IOTLB_REQUEST = 1;
  private static final int MISS = 1;
  private static final int IOTLB_BYTES = 32;

  private final UnixSocket socket;

  /**
   * A connection.
   *
   * @param socket owned by the channel from now on
   */
  public BackEndChannel(UnixSocket socket) {
    this.socket = socket;
  }

  /**
   * Asks where an I/O virtual address leads.
   *
   * @param address the I/O virtual address, unsigned
   * @param permission 1 to read, 2 to write, 3 for both
   * @throws IOException if the connection is broken
   */
  public synchronized void miss(long address, int permission) throws IOException {
    ByteBuffer payload = ByteBuffer.allocate(IOTLB_BYTES).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, address).put(24, (byte) permission).put(25, (byte) MISS);
    Connection.send(socket, IOTLB_REQUEST, Message.VERSION, payload, List.of());
  }

  /** Ends the connection, also for a thread that waits to ask. */
  public void shutDown() {
    socket.shutDown();
  }

  @Override
  public void close() {
    socket.close();
  }
}
