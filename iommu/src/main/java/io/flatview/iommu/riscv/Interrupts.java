package io.flatview.iommu.riscv;

import io.flatview.iommu.Failures;

/**
 * Pending interrupts, and their signals: {@code ipsr}, {@code icvec}, {@code fctl.WSI} and {@code msi_cfg_tbl}
 * (sections 5.4, 5.18, 5.27 and 5.31).
 *
 * <p>Wires have levels, and one lock orders their changes. A message is sent once, when an interrupt becomes pending or
 * its vector is unmasked. No lock is held meanwhile: a message may reach a device, and that may wait for an access of
 * its own which has just raised another interrupt here.
 */
final class Interrupts {

  static final int COMMAND_QUEUE = 1;
  static final int FAULT_QUEUE = 1 << 1;
  static final int PERFORMANCE = 1 << 2;

  private static final int CAUSES = 3;
  private static final int VECTOR_BITS = 4;
  private static final int VECTOR = 0xf;
  private static final int WSI = 1 << 1;

  /** Sends messages. */
  @FunctionalInterface
  interface Sender {

    /** Stores 4 bytes. */
    void send(long address, int data);
  }

  private final WiredInterrupts wires;
  private final InterruptGeneration generation;
  private final Sender sender;
  private final MessageTable messages;
  private final long writableVectors;
  private final Object delivery = new Object();
  private int pending;
  private long vectors;
  private boolean wired;

  /** The vectors whose message is still to be sent, as bits. */
  private int unsent;

  /** The levels that the wires were last set to, as bits. Guarded by {@link #delivery}. */
  private int asserted;

  Interrupts(WiredInterrupts wires, Capabilities capabilities, Sender sender) {
    this.wires = wires;
    this.generation = capabilities.interrupts();
    this.sender = sender;
    this.messages = new MessageTable(capabilities);
    this.writableVectors = capabilities.has(Capabilities.HPM) ? 0xfff : 0xff;
    reset();
  }

  synchronized void reset() {
    pending = 0;
    vectors = 0;
    unsent = 0;
    wired = generation != InterruptGeneration.MESSAGES;
    messages.reset();
  }

  /** Makes an interrupt pending, if it is not yet. */
  synchronized void raise(int cause) {
    if ((pending & cause) == 0 && !wired) {
      unsent |= 1 << vector(Integer.numberOfTrailingZeros(cause));
    }
    pending |= cause;
  }

  private int vector(int cause) {
    return (int) (vectors >>> VECTOR_BITS * cause) & VECTOR;
  }

  synchronized void clear(int causes) {
    pending &= ~causes;
  }

  synchronized int pending() {
    return pending;
  }

  synchronized long vectors() {
    return vectors;
  }

  synchronized void setVectors(long value) {
    vectors = value & writableVectors;
  }

  synchronized boolean areWired() {
    return wired;
  }

  /** The features-control register, whose other bits are fixed. */
  synchronized int features() {
    return wired ? WSI : 0;
  }

  /** Chooses wires or messages, if the IOMMU has both. */
  synchronized void setFeatures(long value) {
    if (generation == InterruptGeneration.BOTH) {
      wired = (value & WSI) != 0;
    }
  }

  synchronized long readMessage(int offset) {
    return messages.read(offset);
  }

  synchronized void writeMessage(int offset, long value) {
    if (generation != InterruptGeneration.WIRES) {
      messages.write(offset, value);
    }
  }

  private synchronized int levels() {
    int levels = 0;
    for (int cause = 0; wired && cause < CAUSES; cause++) {
      levels |= (pending >>> cause & 1) << vector(cause);
    }
    return levels;
  }

  /** Updates the wires and sends the messages that are due, all of them even if some throw. */
  void deliver() {
    Failures failures = new Failures();
    deliverLevels(failures);
    for (int vector = due(); vector >= 0; vector = due()) {
      int sent = vector;
      failures.collect(() -> sender.send(address(sent), data(sent)));
    }
    failures.rethrow();
  }

  private synchronized int due() {
    int due = unsent & ~messages.masked();
    int vector = due == 0 ? -1 : Integer.numberOfTrailingZeros(due);
    if (vector >= 0) {
      unsent &= ~(1 << vector);
    }
    return vector;
  }

  private synchronized long address(int vector) {
    return messages.address(vector);
  }

  private synchronized int data(int vector) {
    return messages.data(vector);
  }

  /** Reads the levels inside the lock, so that the last of several callers delivers the last state. */
  private void deliverLevels(Failures failures) {
    synchronized (delivery) {
      int changed = asserted ^ levels();
      asserted ^= changed;
      while (changed != 0) {
        int vector = Integer.numberOfTrailingZeros(changed);
        changed &= changed - 1;
        failures.collect(() -> wires.set(vector, (asserted & 1 << vector) != 0));
      }
    }
  }
}
