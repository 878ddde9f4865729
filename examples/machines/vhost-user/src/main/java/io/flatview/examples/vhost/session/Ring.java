package io.flatview.examples.vhost.session;

import io.flatview.device.DmaException;
import io.flatview.examples.vhost.host.Event;
import io.flatview.examples.vhost.queue.Outlet;
import io.flatview.examples.vhost.queue.QueueThread;
import io.flatview.examples.vhost.queue.Setup;
import io.flatview.examples.vhost.queue.Surroundings;
import io.flatview.examples.vhost.wire.ProtocolException;
import io.flatview.examples.virtio.PackedAddresses;
import io.flatview.examples.virtio.PackedQueue;
import io.flatview.examples.virtio.RingAddresses;
import io.flatview.examples.virtio.SplitQueue;
import io.flatview.examples.virtio.VirtQueue;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;

/**
 * One queue as the front end has set it up. It is served while it has a size, addresses and a kick, and is enabled; so
 * each change of these ends a thread or starts one. Confined to the session's thread.
 */
final class Ring implements AutoCloseable {

  /** The shared parts that serve a ring. */
  interface Environment extends Surroundings {

    /** The features in force. */
    long features();

    /** Whose addresses rings have. */
    AddressSpace ringSpace();

    /** Whose addresses buffers have. */
    AddressSpace bufferSpace();

    /** Whether addresses are I/O virtual, so that any of them may be missing at any time. */
    boolean isBehindIommu();

    /** The accounts of rings. */
    Accounts accounts();
  }

  /** Where the front end has put the three parts of a ring, of either layout. */
  private record Places(long descriptors, long driver, long device) {}

  private final int index;
  private final Environment environment;
  private final Outlet call;
  private final Outlet error;
  private int size;
  private Places places;
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

  private boolean isPacked() {
    return (environment.features() & VirtQueue.PACKED_RING) != 0;
  }

  void setSize(int next) throws IOException {
    checkedSize(next);
    pause();
    size = next;
    places = null;
  }

  private int checkedSize(int next) throws ProtocolException {
    try {
      return isPacked() ? PackedAddresses.checkSize(next) : RingAddresses.checkSize(next, RingAddresses.LARGEST);
    } catch (DmaException e) {
      throw new ProtocolException("ring " + index + " cannot be", e);
    }
  }

  void forgetPlaces() {
    pause();
    size = 0;
    places = null;
  }

  void setAddresses(long descriptors, long driver, long device) throws IOException {
    checkedSize(size);
    Places next = new Places(descriptors, driver, device);
    checkAligned(next);
    queue(next);
    if (!next.equals(places)) {
      pause();
      places = next;
      resume();
    }
  }

  private void checkAligned(Places next) throws ProtocolException {
    int driverAlignment = isPacked() ? 4 : 2;
    if ((next.descriptors & 15) != 0 || (next.driver & driverAlignment - 1) != 0 || (next.device & 3) != 0) {
      throw new ProtocolException("ring " + index + " at " + AddressRange.hex(next.descriptors) + ", "
          + AddressRange.hex(next.driver) + " and " + AddressRange.hex(next.device)
          + "; these are to be multiples of 16, " + driverAlignment + " and 4");
    }
  }

  private VirtQueue queue(Places at) throws ProtocolException {
    try {
      return isPacked()
          ? new PackedQueue(new PackedAddresses(size, at.descriptors, at.driver, at.device), environment.features(),
              environment.accounts().packed(index, size))
          : new SplitQueue(new RingAddresses(size, at.descriptors, at.driver, at.device), environment.features(),
              environment.accounts().split(index, size));
    } catch (DmaException e) {
      throw new ProtocolException("ring " + index + " cannot be", e);
    }
  }

  /** The upper half is of packed rings only. */
  void setBase(int next) throws IOException {
    pause();
    base = next;
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
    return isPacked() ? base : base & 0xffff;
  }

  void reset() {
    stop();
    enabled = false;
    places = null;
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
    if (thread == null && started && enabled && places != null) {
      Setup setup = new Setup("vhost-queue-" + index, queue(places), base,
          environment.ringSpace(), environment.bufferSpace(), kick, environment.isBehindIommu());
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
