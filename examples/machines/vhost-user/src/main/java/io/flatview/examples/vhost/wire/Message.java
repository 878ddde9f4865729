package io.flatview.examples.vhost.wire;

import io.flatview.examples.vhost.host.Descriptor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A request with its payload and descriptors. Closing it closes descriptors that were not {@linkplain #take taken}. */
public final class Message implements AutoCloseable {

  static final int VERSION = 1;
  static final int VERSION_MASK = 3;
  static final int REPLY = 4;
  static final int NEED_REPLY = 8;

  private final Request request;
  private final boolean needsReply;
  private final ByteBuffer payload;
  private final List<Descriptor> descriptors;

  Message(Request request, boolean needsReply, byte[] payload, List<Descriptor> descriptors) {
    this.request = request;
    this.needsReply = needsReply;
    this.payload = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    this.descriptors = new ArrayList<>(descriptors);
  }

  /**
   * The request.
   *
   * @return the request
   */
  public Request request() {
    return request;
  }

  /**
   * Whether the other side wants to know how it went.
   *
   * @return true if so
   */
  public boolean needsReply() {
    return needsReply;
  }

  /**
   * The payload.
   *
   * @return little endian, in a size that the request may have
   */
  public ByteBuffer payload() {
    return payload;
  }

  /**
   * How many descriptors came with it and were not taken.
   *
   * @return their count
   */
  public int descriptors() {
    return descriptors.size();
  }

  /**
   * Takes the next descriptor, to be closed by the caller.
   *
   * @return the descriptor
   * @throws ProtocolException if there is none left
   */
  public Descriptor take() throws ProtocolException {
    if (descriptors.isEmpty()) {
      throw new ProtocolException(request + " without a descriptor");
    }
    return descriptors.removeFirst();
  }

  @Override
  public void close() {
    descriptors.forEach(Descriptor::close);
    descriptors.clear();
  }
}
