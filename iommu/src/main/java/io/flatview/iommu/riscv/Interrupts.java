package io.flatview.iommu.riscv;

/** Pending interrupts and the wires that they drive: {@code ipsr} and {@code icvec} (sections 5.18 and 5.27). */
final class Interrupts {

  static final int COMMAND_QUEUE = 1;
  static final int FAULT_QUEUE = 1 << 1;

  private static final int FAULT_VECTOR_SHIFT = 4;
  private static final int VECTOR = 0xf;
  private static final long VECTORS = 0xff;

  private final WiredInterrupts wires;
  private final Object delivery = new Object();
  private int pending;
  private long vectors;

  /** Guarded by {@link #delivery}: the levels as the wires know them. */
  private int asserted;

  Interrupts(WiredInterrupts wires) {
    this.wires = wires;
  }

  synchronized void raise(int cause) {
    pending |= cause;
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
    vectors = value & VECTORS;
  }

  private synchronized int levels() {
    int command = (pending & COMMAND_QUEUE) != 0 ? 1 << (vectors & VECTOR) : 0;
    int fault = (pending & FAULT_QUEUE) != 0 ? 1 << (vectors >>> FAULT_VECTOR_SHIFT & VECTOR) : 0;
    return command | fault;
  }

  /** Brings the wires up to date. Levels are read inside, so that the last of several callers sees the last state. */
  void deliver() {
    synchronized (delivery) {
      int changed = asserted ^ levels();
      asserted ^= changed;
      while (changed != 0) {
        int vector = Integer.numberOfTrailingZeros(changed);
        changed &= changed - 1;
        wires.set(vector, (asserted & 1 << vector) != 0);
      }
    }
  }
}
