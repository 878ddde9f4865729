package io.flatview.examples.virtio;

import io.flatview.device.DmaPort;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * A virtqueue as the device sees it. An entry that no driver may put into a queue is a
 * {@link io.flatview.device.DmaException}; a request that could not be read is still there, and is read again by the
 * next {@link #poll}.
 *
 * <p>Its two positions belong to the device's thread; the rest is immutable but for the ports that the thread
 * {@linkplain #attach attaches}.
 */
public abstract sealed class VirtQueue permits SplitQueue, PackedQueue {

  /** The feature of descriptors that name a table of descriptors. */
  public static final long INDIRECT_DESCRIPTORS = 1L << 28;

  /** The feature of rings that say at which position they want an event. */
  public static final long EVENT_INDEX = 1L << 29;

  /** The feature of queues of one ring, which both sides write to. */
  public static final long PACKED_RING = 1L << 34;

  final int size;
  final boolean eventIndex;

  /** The position of the next request that is taken. */
  int seen;

  /** The position at which the next request is returned. */
  int returned;

  /** The value of {@link #returned} when the driver was last asked whether it wants an interrupt. */
  int signalled;

  boolean signalledBefore;

  private final long features;
  private DmaPort attached;
  private DmaPort buffers;
  private Chain chain;

  VirtQueue(long features, int size) {
    this.features = features;
    this.size = size;
    this.eventIndex = has(EVENT_INDEX);
  }

  /**
   * The negotiated features.
   *
   * @return bits
   */
  public final long features() {
    return features;
  }

  final boolean has(long feature) {
    return (features & feature) != 0;
  }

  /**
   * Says how the calling thread reaches memory; to be called before anything else, and again with other ports.
   *
   * @param forRings whose addresses the rings have
   * @param forBuffers whose addresses the descriptors have
   */
  public final void attach(DmaPort forRings, DmaPort forBuffers) {
    if (attached != forRings || buffers != forBuffers) {
      attached = forRings;
      buffers = forBuffers;
      chain = new Chain(forBuffers, has(INDIRECT_DESCRIPTORS));
      attach(forRings);
    }
  }

  abstract void attach(DmaPort forRings);

  /** The readers of descriptors, for the attached ports. */
  final Chain chain() {
    return chain;
  }

  /**
   * Goes on where another device stopped, or fell over: then with the requests that the journal has as taken and not
   * returned.
   *
   * @param base the value of {@link #base} of the other device, or the one that the driver has set
   * @return those requests, in the order in which they were taken
   */
  public abstract List<VirtioRequest> start(int base);

  /**
   * Where the next device goes on: for a split queue the index of the first request that was not taken; for a packed
   * one both positions, with their wrap counters.
   *
   * @return 16 or 32 bits
   */
  public abstract int base();

  /**
   * Takes a request.
   *
   * @return null if there is none
   */
  public abstract VirtioRequest poll();

  /**
   * Returns a request. If memory fails, it is not returned, and may be once more.
   *
   * @param request that was taken
   */
  public abstract void complete(VirtioRequest request);

  /**
   * Whether the guest wants an interrupt for what was returned since the last call. The first answer is true if the
   * ring says at which position: that may be behind.
   *
   * @return true if so
   */
  public final boolean wantsInterrupt() {
    // Pairs with the guest's fence between its wish and its look at the ring: one of the two sees the other's store.
    VarHandle.fullFence();
    boolean wanted = isInterruptWanted();
    signalledBefore = true;
    signalled = returned;
    return wanted;
  }

  /** Whether the driver's wish, as it is in the ring now, takes in what was returned since {@link #signalled}. */
  abstract boolean isInterruptWanted();

  /**
   * Gives the latest request that was taken back, to be taken again by the next device.
   *
   * @param request of those that were taken and not given back, the latest
   */
  public abstract void putBack(VirtioRequest request);

  /** Asks the driver to make requests without kicks, as far as it can be asked. */
  public abstract void ignoreKicks();

  /**
   * Asks the driver for a kick with its next request.
   *
   * @return whether there is a request already, for which no kick need come
   */
  public abstract boolean wantKick();
}
