package io.flatview.examples.vhost.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.flatview.examples.vhost.host.Descriptor;
import io.flatview.examples.vhost.host.UnixSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The back end's side of a connection: receives requests and replies to them, in one thread. */
public final class Connection implements AutoCloseable {

  private static final int HEADER_BYTES = 12;
  private static final int MOST_PAYLOAD = 4096;

  private final UnixSocket socket;

  /**
   * A connection.
   *
   * @param socket owned by the connection from now on
   */
  public Connection(UnixSocket socket) {
    this.socket = socket;
  }

  /**
   * Waits for a request.
   *
   * @return the request, to be closed; or null if the front end has closed the connection
   * @throws ProtocolException if it is none; nothing that follows makes sense then
   * @throws IOException if the connection is broken
   */
  public Message receive() throws IOException {
    List<Descriptor> descriptors = new ArrayList<>();
    Message received = null;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment header = arena.allocate(HEADER_BYTES, Integer.BYTES);
      if (!socket.receive(header, descriptors)) {
        return null;
      }
      received = receive(arena, header, descriptors);
      return received;
    } finally {
      if (received == null) {
        descriptors.forEach(Descriptor::close);
      }
    }
  }

  private Message receive(Arena arena, MemorySegment header, List<Descriptor> descriptors) throws IOException {
    int number = header.get(JAVA_INT, 0);
    int flags = header.get(JAVA_INT, 4);
    int size = header.get(JAVA_INT, 8);
    if ((flags & Message.VERSION_MASK) != Message.VERSION || (flags & Message.REPLY) != 0) {
      throw new ProtocolException("message " + number + " with flags 0x" + Integer.toHexString(flags));
    }
    if (size < 0 || size > MOST_PAYLOAD) {
      throw new ProtocolException("message " + number + " with " + Integer.toUnsignedString(size) + " bytes");
    }
    MemorySegment payload = arena.allocate(Math.max(1, size));
    if (size > 0 && !socket.receive(payload.asSlice(0, size), descriptors)) {
      throw new ProtocolException("the connection ended within message " + number);
    }
    Request request = Request.of(number);
    if (request == null) {
      throw new ProtocolException("message " + Integer.toUnsignedString(number) + " is unknown");
    }
    request.check(size, descriptors.size());
    byte[] bytes = payload.asSlice(0, size).toArray(JAVA_BYTE);
    return new Message(request, (flags & Message.NEED_REPLY) != 0, bytes, descriptors);
  }

  /**
   * Replies.
   *
   * @param to the request that is answered
   * @param payload from its position to its limit
   * @param descriptors that go with it, and stay open here
   * @throws IOException if the connection is broken
   */
  public void reply(Request to, ByteBuffer payload, List<Descriptor> descriptors) throws IOException {
    send(socket, to.number(), Message.VERSION | Message.REPLY, payload, descriptors);
  }

  static void send(UnixSocket socket, int number, int flags, ByteBuffer payload, List<Descriptor> descriptors)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int size = payload.remaining();
      MemorySegment message = arena.allocate(HEADER_BYTES + (long) size, Integer.BYTES);
      message.set(JAVA_INT, 0, number);
      message.set(JAVA_INT, 4, flags);
      message.set(JAVA_INT, 8, size);
      MemorySegment.copy(MemorySegment.ofBuffer(payload), 0, message, HEADER_BYTES, size);
      socket.send(message, descriptors);
    }
  }

  /** Ends the connection, also for a thread that waits for a request. Any thread may call this. */
  public void shutDown() {
    socket.shutDown();
  }

  @Override
  public void close() {
    socket.close();
  }
}
