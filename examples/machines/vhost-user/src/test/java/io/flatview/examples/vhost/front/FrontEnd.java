package io.flatview.examples.vhost.front;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.flatview.examples.vhost.host.Descriptor;
import io.flatview.examples.vhost.host.UnixSocket;
import io.flatview.examples.vhost.wire.Request;
import io.flatview.examples.virtio.BlockDevice;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The other side of a session. Confined to a thread. */
public final class FrontEnd implements AutoCloseable {

  public static final long PROTOCOL_FEATURES = 1L << 30;
  public static final long VERSION_1 = 1L << 32;
  public static final long ACCESS_PLATFORM = 1L << 33;
  public static final long LOG_ALL = 1L << 26;
  public static final long INDIRECT = 1L << 28;
  public static final long EVENT_INDEX = 1L << 29;
  public static final long PACKED = 1L << 34;
  public static final long REPLY_ACK = 1 << 3;

  private static final int NEED_REPLY = 8;

  private final UnixSocket socket;
  private final List<Descriptor> received = new ArrayList<>();

  public FrontEnd(UnixSocket socket) {
    this.socket = socket;
  }

  /** A payload. */
  public static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  public static ByteBuffer u64(long value) {
    return bytes(8).putLong(0, value);
  }

  public static ByteBuffer state(int index, int number) {
    return bytes(8).putInt(0, index).putInt(4, number);
  }

  /** A message as it is, whatever it says of itself. */
  public void sendRaw(int number, int flags, int size, ByteBuffer payload, Descriptor... descriptors)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment message = arena.allocate(12L + payload.remaining(), 8);
      message.set(JAVA_INT, 0, number);
      message.set(JAVA_INT, 4, flags);
      message.set(JAVA_INT, 8, size);
      MemorySegment.copy(MemorySegment.ofBuffer(payload), 0, message, 12, payload.remaining());
      socket.send(message, List.of(descriptors));
    }
  }

  /** Sends without asking how it went. */
  public void send(Request request, ByteBuffer payload, Descriptor... descriptors) throws IOException {
    sendRaw(request.number(), 1, payload.remaining(), payload, descriptors);
  }

  /** Sends, and gives the result: 0 if it went well. */
  public long acknowledged(Request request, ByteBuffer payload, Descriptor... descriptors) throws IOException {
    sendRaw(request.number(), 1 | NEED_REPLY, payload.remaining(), payload, descriptors);
    return reply(request).getLong(0);
  }

  /** Asks. */
  public ByteBuffer ask(Request request, ByteBuffer payload) throws IOException {
    send(request, payload);
    return reply(request);
  }

  public long ask(Request request) throws IOException {
    return ask(request, bytes(0)).getLong(0);
  }

  /** Waits for a reply to a request. */
  public ByteBuffer reply(Request request) throws IOException {
    ByteBuffer header = receive(12);
    if (header == null) {
      throw new IOException("the back end has closed the connection");
    }
    if (header.getInt(0) != request.number() || header.getInt(4) != 5) {
      throw new IOException("a reply to " + header.getInt(0) + " with flags " + header.getInt(4) + " and not to "
          + request);
    }
    return receive(header.getInt(8));
  }

  /** Whether the back end has closed the connection; waits for that or a message. */
  public boolean isClosed() {
    try {
      return receive(12) == null;
    } catch (IOException _) {
      return true;
    }
  }

  private ByteBuffer receive(int size) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(Math.max(1, size));
      if (size > 0 && !socket.receive(into.asSlice(0, size), received)) {
        return null;
      }
      return ByteBuffer.wrap(into.asSlice(0, size).toArray(JAVA_BYTE)).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** The descriptor of the latest reply. */
  public Descriptor takeDescriptor() {
    return received.removeLast();
  }

  /** The payload for one piece of memory. */
  public static ByteBuffer region(GuestRam ram) {
    ByteBuffer payload = bytes(40);
    put(payload.position(8), ram);
    return payload.flip();
  }

  private static void put(ByteBuffer payload, GuestRam ram) {
    payload.putLong(ram.address()).putLong(ram.bytes()).putLong(ram.address() + GuestRam.FRONT_END).putLong(0);
  }

  /** The payload for a table. */
  public static ByteBuffer table(GuestRam... rams) {
    ByteBuffer payload = bytes(8 + 32 * rams.length).putInt(rams.length).putInt(0);
    for (GuestRam ram : rams) {
      put(payload, ram);
    }
    return payload.flip();
  }

  /** Replaces the table, and waits until it is in force. */
  public long setTable(GuestRam... rams) throws IOException {
    Descriptor[] files = new Descriptor[rams.length];
    for (int i = 0; i < rams.length; i++) {
      files[i] = rams[i].file();
    }
    return acknowledged(Request.SET_MEM_TABLE, table(rams), files);
  }

  /** The payload for the addresses of a ring, as the guest has them. */
  public static ByteBuffer addresses(int index, long descriptors, long available, long used) {
    return bytes(40).putInt(0, index).putLong(8, descriptors).putLong(16, used).putLong(24, available);
  }

  /** Agrees on features, flushes, all protocol features, and acknowledgements. */
  public void negotiate(long features) throws IOException {
    negotiateNoMore(features | BlockDevice.FLUSH);
  }

  /** As a driver does that knows no flushes. */
  public void negotiateNoMore(long features) throws IOException {
    long offered = ask(Request.GET_FEATURES);
    send(Request.SET_PROTOCOL_FEATURES, u64(ask(Request.GET_PROTOCOL_FEATURES)));
    send(Request.SET_OWNER, bytes(0));
    long result = acknowledged(Request.SET_FEATURES, u64((features | PROTOCOL_FEATURES | VERSION_1) & offered));
    if (result != 0) {
      throw new IOException("features are refused: " + result);
    }
  }

  @Override
  public void close() {
    received.forEach(Descriptor::close);
    socket.close();
  }
}
