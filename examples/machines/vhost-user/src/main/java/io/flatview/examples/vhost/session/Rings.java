package io.flatview.examples.vhost.session;

import io.flatview.examples.vhost.host.Event;
import io.flatview.examples.vhost.wire.Message;
import io.flatview.examples.vhost.wire.ProtocolException;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** All rings of a session, and what a front end says of one. Confined to the session's thread. */
final class Rings implements AutoCloseable {

  private static final int INDEX_MASK = 0xff;
  private static final int NO_DESCRIPTOR = 0x100;

  private final List<Ring> all = new ArrayList<>();

  /**
   * Rings that nothing is known of.
   *
   * @param count the number of rings
   * @param environment the environment of each ring
   * @param policy by which their events are reclaimed
   */
  Rings(int count, Ring.Environment environment, ReclaimPolicy policy) {
    for (int i = 0; i < count; i++) {
      all.add(new Ring(i, environment, policy));
    }
  }

  int size() {
    return all.size();
  }

  // All of them

  void pause() {
    all.forEach(Ring::pause);
  }

  void resume() throws IOException {
    for (Ring ring : all) {
      ring.resume();
    }
  }

  void reset() {
    all.forEach(Ring::reset);
  }

  /** Forgets where they are, as their layout changes. */
  void forgetPlaces() {
    all.forEach(Ring::forgetPlaces);
  }

  void enable() throws IOException {
    for (Ring ring : all) {
      ring.setEnabled(true);
    }
  }

  /** Waits until requests that are being served are done. */
  void awaitServed() {
    all.forEach(Ring::awaitServed);
  }

  // One

  Ring ring(int index) throws ProtocolException {
    if (index < 0 || index >= all.size()) {
      throw new ProtocolException("ring " + Integer.toUnsignedString(index) + " of " + all.size());
    }
    return all.get(index);
  }

  private Ring ring(Message message) throws ProtocolException {
    return ring((int) message.payload().getLong(0) & INDEX_MASK);
  }

  void setAddresses(ByteBuffer payload) throws IOException {
    Ring ring = ring(payload.getInt(0));
    payload.position(8);
    long descriptors = payload.getLong();
    long used = payload.getLong();
    ring.setAddresses(descriptors, payload.getLong(), used);
  }

  /** Stops a ring, and says how far it came. */
  int stop(int index) throws ProtocolException {
    return ring(index).stop();
  }

  void setKick(Message message) throws IOException {
    ring(message).setKick(event(message));
  }

  void setCall(Message message) throws IOException {
    ring(message).setCall(event(message));
  }

  void setError(Message message) throws IOException {
    ring(message).setError(event(message));
  }

  void setEnabled(ByteBuffer payload) throws IOException {
    Ring ring = ring(payload.getInt());
    int enabled = payload.getInt();
    if (enabled != 0 && enabled != 1) {
      throw new ProtocolException("a ring is enabled by 1 and not by " + Integer.toUnsignedString(enabled));
    }
    ring.setEnabled(enabled == 1);
  }

  /** The event of a message, or null if it says that there is none. */
  private Event event(Message message) throws IOException {
    if ((message.payload().getLong(0) & NO_DESCRIPTOR) != 0) {
      return null;
    }
    try {
      return Event.of(message.take());
    } catch (IOException e) {
      throw ProtocolException.of(message.request() + " cannot be", e);
    }
  }

  @Override
  public void close() {
    all.forEach(Ring::close);
  }
}
