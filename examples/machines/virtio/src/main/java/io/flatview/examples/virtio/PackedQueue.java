package io.flatview.examples.virtio;

import io.flatview.device.DmaCache;
import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A queue of one ring: the driver makes descriptors available in it, and the device writes over them, in the order in
 * which it is done, which requests are returned. Two flags of a descriptor say in which lap either was done.
 *
 * <p>A position goes on from 0 to twice the size, and begins anew: its lap is the wrap counter, which begins with 1.
 */
public final class PackedQueue extends VirtQueue {

  private static final int AVAILABLE = 1 << 7;
  private static final int USED = 1 << 15;
  private static final int FLAGS_AT = 14;
  private static final int WRAP = 1 << 15;

  private static final int DISABLED = 1;
  private static final int AT_A_POSITION = 2;

  private final PackedAddresses rings;
  private final PackedJournal journal;
  private final BitSet inFlight = new BitSet();
  private long[] words = new long[8];
  private DmaCache descriptors;
  private DmaCache driverEvents;
  private DmaCache deviceEvents;

  /**
   * A queue that has seen nothing.
   *
   * @param rings where it is
   * @param features the negotiated features; others than {@link #INDIRECT_DESCRIPTORS} and {@link #EVENT_INDEX} mean
   *     nothing here
   * @param journal is kept of its requests
   */
  public PackedQueue(PackedAddresses rings, long features, PackedJournal journal) {
    super(features, rings.size());
    this.rings = rings;
    this.journal = journal;
  }

  @Override
  void attach(DmaPort forRings) {
    descriptors = forRings.cache(rings.descriptors(), RingAddresses.descriptorBytes(size));
    driverEvents = forRings.cache(rings.driverEvents(), PackedAddresses.EVENTS_BYTES);
    deviceEvents = forRings.cache(rings.deviceEvents(), PackedAddresses.EVENTS_BYTES);
  }

  // Positions

  private int advanced(int position, int by) {
    int next = position + by;
    return next < 2 * size ? next : next - 2 * size;
  }

  /** How far it is from one position to another, 0 to twice the size. */
  private int distance(int from, int to) {
    return to >= from ? to - from : to - from + 2 * size;
  }

  private long at(int position) {
    return (long) (position < size ? position : position - size) * Chain.DESCRIPTOR_BYTES;
  }

  private int encoded(int position) {
    return position < size ? position | WRAP : position - size;
  }

  private int decoded(int encoded) {
    int index = encoded & WRAP - 1;
    if (index >= size) {
      throw new DmaException("position " + index + " in a queue of " + size);
    }
    return (encoded & WRAP) != 0 ? index : index + size;
  }

  @Override
  public List<VirtioRequest> start(int base) {
    int asked = base >>> 16;
    PackedJournal.State state = journal.recover(asked, position -> isAvailable(decoded(position)));
    List<VirtioRequest> taken = new ArrayList<>();
    BitSet ids = new BitSet();
    int ahead = 0;
    for (PackedJournal.Taken each : state.taken()) {
      VirtioRequest request = request(each.words(), each.words().length / 2);
      ids.set(request.head());
      ahead += request.descriptors();
      taken.add(request);
    }
    boolean isAsAsked = state.used() == asked && taken.isEmpty();
    returned = decoded(state.used());
    seen = isAsAsked ? decoded(base & 0xffff) : advanced(returned, Math.min(ahead, size));
    inFlight.clear();
    inFlight.or(ids);
    return taken;
  }

  @Override
  public int base() {
    return encoded(seen) | encoded(returned) << 16;
  }

  private boolean isAvailable(int position) {
    int flags = (int) descriptors.load(at(position) + FLAGS_AT, 2);
    boolean lap = position < size;
    return (flags & AVAILABLE) != 0 == lap && (flags & USED) != 0 != lap;
  }

  @Override
  public VirtioRequest poll() {
    if (!isAvailable(seen)) {
      return null;
    }
    // Pairs with the guest's fence between a descriptor and its flags: the rest is not read before the flags.
    VarHandle.acquireFence();
    int count = read();
    VirtioRequest request = request(words, count);
    checkFree(request);
    journal.taken(request.head(), words, count);
    inFlight.set(request.head());
    seen = advanced(seen, count);
    return request;
  }

  /** Copies descriptors, to the last of the request; says how many. */
  private int read() {
    int count = 0;
    boolean more = true;
    for (int position = seen; more; position = advanced(position, 1)) {
      if (count == size) {
        throw new DmaException("a request of more descriptors than a queue of " + size + " has");
      }
      if (words.length == 2 * count) {
        words = Arrays.copyOf(words, 4 * count);
      }
      words[2 * count] = descriptors.load(at(position), 8);
      words[2 * count + 1] = descriptors.load(at(position) + 8, 8);
      more = (flags(words[2 * count + 1]) & Chain.NEXT) != 0;
      count++;
    }
    return count;
  }

  private static int flags(long word) {
    return (int) (word >>> 48) & (Chain.NEXT | Chain.WRITE | Chain.INDIRECT);
  }

  private VirtioRequest request(long[] from, int count) {
    Chain chain = chain();
    chain.begin();
    for (int i = 0; i < count; i++) {
      long word = from[2 * i + 1];
      if ((flags(word) & Chain.INDIRECT) != 0) {
        chain.addTable(from[2 * i], word & Chain.UNSIGNED_INT, flags(word), false);
      } else {
        chain.add(from[2 * i], word & Chain.UNSIGNED_INT, flags(word) & ~Chain.NEXT);
      }
    }
    return chain.end((int) (from[2 * count - 1] >>> 32) & 0xffff, count);
  }

  /** A number that is in flight, or more descriptors than there are, would be lost when it is returned. */
  private void checkFree(VirtioRequest request) {
    int id = request.head();
    if (id >= size || inFlight.get(id)) {
      throw new DmaException("buffer " + id + (id < size ? ", which is in flight already" : "")
          + ", in a queue of " + size);
    }
    int before = distance(returned, seen);
    if (before + request.descriptors() > size) {
      throw new DmaException(request.descriptors() + " descriptors after " + before + " in a queue of " + size);
    }
  }

  @Override
  public void complete(VirtioRequest request) {
    long place = at(returned);
    int next = advanced(returned, request.descriptors());
    descriptors.store(place + 8, 4, Math.min(request.writableBytes(), Chain.UNSIGNED_INT));
    descriptors.store(place + 12, 2, request.head());
    journal.returning(request.head(), encoded(next));
    // Pairs with the guest's fence between the flags and the rest: all is written before the flags.
    VarHandle.releaseFence();
    descriptors.store(place + FLAGS_AT, 2,
        (returned < size ? AVAILABLE | USED : 0) | (request.writableBytes() > 0 ? Chain.WRITE : 0));
    returned = next;
    inFlight.clear(request.head());
    journal.returned(request.head(), encoded(next));
  }

  @Override
  boolean isInterruptWanted() {
    int events = (int) driverEvents.load(0, 4);
    int kind = events >>> 16 & 3;
    if (kind != AT_A_POSITION || !eventIndex) {
      return kind != DISABLED;
    }
    return !signalledBefore
        || distance(signalled, decoded(events & 0xffff)) < distance(signalled, returned);
  }

  @Override
  public void putBack(VirtioRequest request) {
    seen = advanced(seen, 2 * size - request.descriptors());
    inFlight.clear(request.head());
  }

  @Override
  public void ignoreKicks() {
    deviceEvents.store(0, 4, DISABLED << 16);
  }

  @Override
  public boolean wantKick() {
    deviceEvents.store(0, 4, eventIndex ? encoded(seen) | AT_A_POSITION << 16 : 0);
    // Pairs with the guest's fence between its flags and its look at this wish: one of the two sees the other's store.
    VarHandle.fullFence();
    return isAvailable(seen);
  }
}
