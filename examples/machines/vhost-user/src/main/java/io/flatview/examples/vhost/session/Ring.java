package io.flatview.examples.vhost.session;

import io.flatview.device.DmaException;
import io.flatview.examples.vhost.host.Event;
import io.flatview.examples.vhost.queue.InFlight;
import io.flatview.examples.vhost.queue.Outlet;
import io.flatview.examples.vhost.queue.QueueThread;
import io.flatview.examples.vhost.queue.Setup;
import io.flatview.examples.vhost.queue.Surroundings;
import io.flatview.examples.vhost.wire.ProtocolException;
import io.flatview.examples.virtio.RingAddresses;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;

/**
 * One queue as the front end has set it up. It is served while it has a size, addresses and a kick, and is enabled; so
 * each change of these ends a thread or starts one. Confined to the session's thread.
 */
final class Ring implements AutoCloseable {

  /** What a ring is served with, as far as it is not its own. */
  interface Environment extends Surroundings {

    /** The features in force. */
    long features();

    /** Whose addresses rings have. */
    AddressSpace ringSpace();

    /** Whose addresses buffers have. */
    AddressSpace bufferSpace();

    /** Whether addresses are I/O virtual, so that any of them may be missing at any time. */
    boolean isBehindIommu();

    /** The account of a ring, or null if none is kept. */
    InFlight inFlight(int index, int size) throws ProtocolException;
  }

  private final int index;
  private final Environment environment;
  private final Outlet call;
  private final Outlet error;
  private int size;
  private RingAddresses addresses;
  private int base;
  private boolean started;
  private boolean enabled;
  private Event kick;
  private QueueThread thread;

  Ring(int index, Environment environment, ReclaimPolicy policy) {
    this.index = index;
    this.environment = environment;
    this.call = new Outlet(policy);
    this.error = new Outlet(policy);
  }

  void setSize(int next) throws IOException {
    checkedSize(next);
    pause();
    size = next;
    addresses = null;
  }

  private int checkedSize(int next) throws ProtocolException {
    try {
      return RingAddresses.checkSize(next, RingAddresses.LARGEST);
    } catch (DmaException e) {
      throw new ProtocolException("ring " + index + " cannot be", e);
    }
  }

  void setAddresses(long descriptors, long available, long used) throws IOException {
    RingAddresses next = checked(descriptors, available, used);
    if (!next.equals(addresses)) {
      pause();
      addresses = next;
      resume();
    }
  }

  private RingAddresses checked(long descriptors, long available, long used) throws ProtocolException {
    checkedSize(size);
    if ((descriptors & 15) != 0 || (available & 1) != 0 || (used & 3) != 0) {
      throw new ProtocolException("ring " + index + " at " + AddressRange.hex(descriptors) + ", "
          + AddressRange.hex(available) + " and " + AddressRange.hex(used)
          + "; these are to be multiples of 16, 2 and 4");
    }
    try {
      return new RingAddresses(size, descriptors, available, used);
    } catch (DmaException e) {
      throw new ProtocolException("ring " + index + " cannot be", e);
    }
  }

  void setBase(int next) throws IOException {
    pause();
    base = next & 0xffff;
    resume();
  }

  void setEnabled(boolean next) throws IOException {
    enabled = next;
    settle();
  }

  /** Starts the ring; without an event, requests are looked for all the time. */
  void setKick(Event next) throws IOException {
    pause();
    close(kick);
    kick = next;
    started = true;
    resume();
  }

  /** A call that was made just before went to the event before: the guest gets one too many rather than none. */
  void setCall(Event next) {
    call.set(next);
    if (thread != null && next != null) {
      next.signal();
    }
  }

  void setError(Event next) {
    error.set(next);
  }

  /** Stops the ring, and says how far it came. */
  int stop() {
    pause();
    started = false;
    close(kick);
    kick = null;
    return base;
  }

  void reset() {
    stop();
    enabled = false;
    addresses = null;
    size = 0;
    base = 0;
  }

  private static void close(Event event) {
    if (event != null) {
      event.close();
    }
  }

  /** Ends the thread, with all requests that it has taken. */
  void pause() {
    if (thread != null) {
      base = thread.end();
      thread = null;
    }
  }

  /**
   * Starts a thread, if the ring is complete. Behind an IOMMU it returns requests in order: when it ends, those that
   * lack a mapping to be returned are the latest, and the index that the front end hears says so.
   */
  void resume() throws IOException {
    if (thread == null && started && enabled && addresses != null) {
      Setup setup = new Setup("vhost-queue-" + index, addresses, environment.features(), base,
          environment.ringSpace(), environment.bufferSpace(), kick, environment.inFlight(index, size),
          environment.isBehindIommu());
      thread = new QueueThread(environment, setup, call, error);
    }
  }

  private void settle() throws IOException {
    if (enabled) {
      resume();
    } else {
      pause();
    }
  }

  /** Waits until requests that are being served are done. */
  void awaitServed() {
    if (thread != null) {
      thread.awaitServed();
    }
  }

  @Override
  public void close() {
    stop();
    call.close();
    error.close();
  }
}
