package io.flatview.examples.vhost.front;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/** A guest's driver for a packed queue. A slot's number is that of its buffer. */
public final class PackedDriverQueue extends DriverQueue {

  private static final int AVAILABLE = 1 << 7;
  private static final int USED = 1 << 15;
  private static final VarHandle INT = JAVA_INT.varHandle();

  /** A descriptor of a slot, before it is in the ring. */
  public record Descriptor(long address, int length, int flags) {}

  private final List<List<Descriptor>> prepared = new ArrayList<>();
  private final int[] counts;
  private int next;
  private int kicked;
  private int seen;

  /** A queue whose rings begin at a guest's address of the memory. */
  public PackedDriverQueue(GuestRam ram, long at, int index, int size, long features) throws IOException {
    super(ram, at, index, size, features);
    counts = new int[1 << 16];
    for (int slot = 0; slot < size; slot++) {
      prepared.add(List.of());
    }
  }

  private int advanced(int position, int by) {
    return (position + by) % (2 * size);
  }

  private int encoded(int position) {
    return position < size ? position | 1 << 15 : position - size;
  }

  private int distance(int from, int to) {
    return (to - from + 2 * size) % (2 * size);
  }

  /** Where the ring's descriptor of a position is. */
  public long place(int position) {
    return descriptors + 16L * (position % size);
  }

  /** Where the next descriptor goes. */
  public int next() {
    return next;
  }

  @Override
  public int base() {
    return encoded(seen) | encoded(seen) << 16;
  }

  @Override
  public void reset() {
    super.reset();
    next = 0;
    kicked = 0;
    seen = 0;
  }

  @Override
  public void prepare(int slot, int type, long sector, long data, int length) {
    prepareHeader(slot, type, sector);
    List<Descriptor> chain = new ArrayList<>();
    chain.add(new Descriptor(header(slot), 16, 0));
    if (length != 0) {
      chain.add(new Descriptor(data, length, writable(type)));
    }
    chain.add(new Descriptor(statusAt(slot), 1, WRITE));
    prepared.set(slot, indirect ? List.of(inTable(slot, chain)) : chain);
  }

  private Descriptor inTable(int slot, List<Descriptor> chain) {
    for (int i = 0; i < chain.size(); i++) {
      descriptor(table(slot) + 16L * i, chain.get(i).address, chain.get(i).length, 0, chain.get(i).flags);
    }
    return new Descriptor(table(slot), 16 * chain.size(), INDIRECT);
  }

  @Override
  public int head(int slot) {
    return slot;
  }

  @Override
  public void submit(int slot) {
    submit(slot, prepared.get(slot));
  }

  /** A device that sees the first descriptor sees all: that one is written last. */
  @Override
  public void submitAtOnce(int... slots) {
    int[] places = new int[slots.length];
    for (int i = 0; i < slots.length; i++) {
      places[i] = next;
      next = advanced(next, prepared.get(slots[i]).size());
    }
    for (int i = slots.length - 1; i >= 0; i--) {
      write(places[i], slots[i], prepared.get(slots[i]));
    }
  }

  /** Puts a chain into the ring, right or wrong, under any number. */
  public void submit(int id, List<Descriptor> chain) {
    write(next, id, chain);
    next = advanced(next, chain.size());
  }

  private void write(int first, int id, List<Descriptor> chain) {
    for (int i = chain.size() - 1; i >= 0; i--) {
      int position = advanced(first, i);
      Descriptor each = chain.get(i);
      int lap = position < size ? AVAILABLE : USED;
      int flags = each.flags | lap | (i + 1 < chain.size() ? NEXT : 0);
      ram.at(place(position), 8).set(JAVA_LONG, 0, each.address);
      ram.at(place(position) + 8, 4).set(JAVA_INT, 0, each.length);
      ram.at(place(position) + 12, 2).set(JAVA_SHORT, 0, (short) id);
      SHORT.setRelease(ram.at(place(position) + 14, 2), 0L, (short) flags);
    }
    counts[id & 0xffff] = chain.size();
  }

  @Override
  public void kick() {
    VarHandle.fullFence();
    int events = (int) INT.getOpaque(ram.at(used, 4), 0L);
    int kind = events >>> 16;
    int index = events & 0x7fff;
    int position = (events & 1 << 15) != 0 ? index : index + size;
    boolean wanted = kind == 2 ? distance(kicked, position) < distance(kicked, next) : kind == 0;
    kicked = next;
    if (wanted) {
      kick.signal();
    }
  }

  private boolean isUsed(int position) {
    int flags = (short) SHORT.getAcquire(ram.at(place(position) + 14, 2), 0L);
    boolean lap = position < size;
    return ((flags & AVAILABLE) != 0) == lap && ((flags & USED) != 0) == lap;
  }

  private int id(int position) {
    return ram.at(place(position) + 12, 4).get(JAVA_INT_UNALIGNED, 0) & 0xffff;
  }

  @Override
  public int take() {
    if (!isUsed(seen)) {
      return -1;
    }
    int id = id(seen);
    seen = advanced(seen, counts[id]);
    taken++;
    return id;
  }

  /** How many requests were returned. */
  @Override
  public int usedIndex() {
    int ahead = 0;
    for (int position = seen; ahead <= size && isUsed(position); position = advanced(position, counts[id(position)])) {
      ahead++;
    }
    return taken + ahead & 0xffff;
  }

  @Override
  void wantInterrupt() {
    INT.setOpaque(ram.at(available, 4), 0L, eventIndex ? encoded(seen) | 2 << 16 : 0);
  }
}
