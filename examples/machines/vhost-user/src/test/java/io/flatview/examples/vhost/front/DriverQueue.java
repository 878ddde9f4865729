package io.flatview.examples.vhost.front;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.flatview.examples.vhost.host.Event;
import io.flatview.examples.vhost.host.EventWait;
import io.flatview.examples.vhost.wire.Request;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A guest's driver for one queue of a disk, a split one here. A slot is a request: three descriptors, in the ring or in
 * a table of their own. Confined to a thread.
 */
public class DriverQueue implements AutoCloseable {

  public static final int IN = 0;
  public static final int OUT = 1;
  public static final int FLUSH = 4;
  public static final int NAME = 8;
  public static final int DISCARD = 11;
  public static final int ZEROES = 13;

  public static final int NEXT = 1;
  public static final int WRITE = 2;
  public static final int INDIRECT = 4;

  /** For what takes milliseconds: a machine that does other things as well does not come near it. */
  private static final int LIMIT_MILLIS = 30_000;

  static final VarHandle SHORT = JAVA_SHORT.varHandle();
  private static final int SLOT_BYTES = 128;

  public final Event kick;
  public final Event call;
  public final Event error;
  public final long descriptors;
  public final long available;
  public final long used;
  final EventWait wait;
  final GuestRam ram;
  final int index;
  final int size;
  final boolean indirect;
  final boolean eventIndex;
  private final long slots;
  private int submitted;
  private int announced;
  int taken;

  /** A queue whose rings begin at a guest's address of the memory. */
  public DriverQueue(GuestRam ram, long at, int index, int size, long features) throws IOException {
    this.ram = ram;
    this.index = index;
    this.size = size;
    this.indirect = (features & FrontEnd.INDIRECT) != 0;
    this.eventIndex = (features & FrontEnd.EVENT_INDEX) != 0;
    descriptors = at;
    available = at + 16L * size;
    used = available + 6 + 2L * size + 3 & -4;
    slots = used + 6 + 8L * size + 127 & -128;
    kick = Event.create();
    call = Event.create();
    error = Event.create();
    wait = new EventWait(call);
  }

  /** A queue of the layout that the features name. */
  public static DriverQueue of(GuestRam ram, long at, int index, int size, long features) throws IOException {
    return (features & FrontEnd.PACKED) != 0
        ? new PackedDriverQueue(ram, at, index, size, features)
        : new DriverQueue(ram, at, index, size, features);
  }

  /** As much memory as a queue takes. */
  public static long bytes(int size) {
    return 26L * size + 512 + (long) SLOT_BYTES * size;
  }

  /** Sets the queue up where another may have been. */
  public void start(FrontEnd front, boolean virtual) throws IOException {
    start(front, virtual, base());
  }

  /** Sets the queue up at a base of the back end's. */
  public void restart(FrontEnd front, int base) throws IOException {
    start(front, false, base);
  }

  /** Stops the queue, and sets it up as if nothing had been submitted. */
  public void startAgain(FrontEnd front) throws IOException {
    front.ask(Request.GET_VRING_BASE, FrontEnd.state(index, 0));
    reset();
    start(front, false);
  }

  private void start(FrontEnd front, boolean virtual, int base) throws IOException {
    long offset = virtual ? 0 : GuestRam.FRONT_END;
    front.send(Request.SET_VRING_NUM, FrontEnd.state(index, size));
    front.send(Request.SET_VRING_BASE, FrontEnd.state(index, base));
    front.send(Request.SET_VRING_ADDR,
        FrontEnd.addresses(index, descriptors + offset, available + offset, used + offset));
    front.send(Request.SET_VRING_ERR, FrontEnd.u64(index), error.descriptor());
    front.send(Request.SET_VRING_CALL, FrontEnd.u64(index), call.descriptor());
    front.send(Request.SET_VRING_KICK, FrontEnd.u64(index), kick.descriptor());
    long result = front.acknowledged(Request.SET_VRING_ENABLE, FrontEnd.state(index, 1));
    if (result != 0) {
      throw new IOException("the ring is refused");
    }
  }

  /** Where the device begins: what it returned before was taken. */
  public int base() {
    return taken & 0xffff;
  }

  /** Forgets what was submitted, as a driver does after a reset. */
  public void reset() {
    ram.at(descriptors, slots - descriptors).fill((byte) 0);
    submitted = 0;
    announced = 0;
    taken = 0;
  }

  public int index() {
    return index;
  }

  /** Where the header of a slot is. */
  public long header(int slot) {
    return slots + (long) SLOT_BYTES * slot;
  }

  final long statusAt(int slot) {
    return header(slot) + 16;
  }

  final long table(int slot) {
    return header(slot) + 32;
  }

  public int status(int slot) {
    return ram.at(statusAt(slot), 1).get(JAVA_BYTE, 0);
  }

  /** Writes a descriptor. */
  public void descriptor(long at, long address, int length, int flags, int next) {
    MemorySegment place = ram.at(at, 16);
    place.set(JAVA_LONG_UNALIGNED, 0, address);
    place.set(JAVA_INT_UNALIGNED, 8, length);
    place.set(JAVA_INT_UNALIGNED, 12, flags | next << 16);
  }

  /** Writes the header and the descriptors of a request. */
  public void prepare(int slot, int type, long sector, long data, int length) {
    prepareHeader(slot, type, sector);
    long at = indirect ? table(slot) : descriptors + 48L * slot;
    int first = indirect ? 0 : 3 * slot;
    int writable = writable(type);
    descriptor(at, header(slot), 16, NEXT, first + (length == 0 ? 2 : 1));
    descriptor(at + 16, data, length, NEXT | writable, first + 2);
    descriptor(at + 32, statusAt(slot), 1, WRITE, 0);
    if (indirect) {
      descriptor(descriptors + 16L * slot, table(slot), 48, INDIRECT, 0);
    }
  }

  final void prepareHeader(int slot, int type, long sector) {
    MemorySegment head = ram.at(header(slot), 17);
    head.set(JAVA_INT_UNALIGNED, 0, type);
    head.set(JAVA_LONG_UNALIGNED, 8, sector);
    head.set(JAVA_BYTE, 16, (byte) -1);
  }

  static int writable(int type) {
    return type == OUT || type == DISCARD || type == ZEROES ? 0 : WRITE;
  }

  public int head(int slot) {
    return indirect ? slot : 3 * slot;
  }

  /** Puts a head into the ring without a kick. */
  public void submit(int head) {
    submitAtOnce(head);
  }

  /** Puts heads into the ring without a kick; the device sees none of them or all. */
  public void submitAtOnce(int... heads) {
    for (int head : heads) {
      SHORT.set(ram.at(available + 4 + 2L * (submitted & size - 1), 2), 0L, (short) head);
      submitted++;
    }
    SHORT.setRelease(ram.at(available + 2, 2), 0L, (short) submitted);
  }

  /** Makes the available index anything. */
  public void setAvailableIndex(int to) {
    SHORT.setRelease(ram.at(available + 2, 2), 0L, (short) to);
  }

  /** Kicks if the device wants that. */
  public void kick() {
    VarHandle.fullFence();
    boolean wanted;
    if (eventIndex) {
      int event = (short) SHORT.getOpaque(ram.at(used + 4 + 8L * size, 2), 0L);
      wanted = (submitted - event - 1 & 0xffff) < (submitted - announced & 0xffff);
    } else {
      wanted = ((short) SHORT.getOpaque(ram.at(used, 2), 0L) & 1) == 0;
    }
    announced = submitted;
    if (wanted) {
      kick.signal();
    }
  }

  /** The index of the used ring. */
  public int usedIndex() {
    return (short) SHORT.getAcquire(ram.at(used + 2, 2), 0L) & 0xffff;
  }

  /** The slot of a request that was returned, or -1. */
  public int take() {
    if ((taken & 0xffff) == usedIndex()) {
      return -1;
    }
    int head = ram.at(used + 4 + 8L * (taken & size - 1), 4).get(JAVA_INT_UNALIGNED, 0);
    taken++;
    return indirect ? head : head / 3;
  }

  void wantInterrupt() {
    ram.at(available, 2).set(JAVA_SHORT, 0, (short) 0);
    if (eventIndex) {
      SHORT.setOpaque(ram.at(available + 4 + 2L * size, 2), 0L, (short) taken);
    }
  }

  /** Waits for a request that was returned; -1 if none is in half a minute. */
  public int await() {
    return await(LIMIT_MILLIS);
  }

  /** Waits until the device says that the ring is broken; false if it does not in half a minute. */
  public boolean awaitBroken() {
    EventWait broken = new EventWait(error);
    long deadline = System.nanoTime() + LIMIT_MILLIS * 1_000_000L;
    while (!broken.await(100)) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
    }
    return true;
  }

  /** Waits for a request that was returned; -1 at the time limit. */
  public int await(int millis) {
    long deadline = System.nanoTime() + millis * 1_000_000L;
    int slot = take();
    while (slot < 0 && System.nanoTime() - deadline < 0) {
      wantInterrupt();
      VarHandle.fullFence();
      slot = take();
      if (slot < 0) {
        wait.await(100);
        slot = take();
      }
    }
    return slot;
  }

  /** One request from begin to end; gives its status, or -2 if it was not returned in time. */
  public int request(int type, long sector, long data, int length) {
    prepare(0, type, sector, data, length);
    submit(head(0));
    kick();
    int slot = await();
    return slot == 0 ? status(0) : -2;
  }

  @Override
  public void close() {
    kick.close();
    call.close();
    error.close();
  }
}
