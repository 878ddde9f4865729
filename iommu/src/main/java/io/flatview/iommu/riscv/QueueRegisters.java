package io.flatview.iommu.riscv;

/** The registers that both queues have (sections 5.6 to 5.11, 5.15 and 5.16). The monitor guards all fields. */
abstract sealed class QueueRegisters permits CommandQueue, FaultQueue {

  static final int INTERRUPT_ENABLE = 1 << 1;
  static final int MEMORY_FAULT = 1 << 8;

  private static final int ENABLE = 1;
  private static final int ON = 1 << 16;

  final QueueMemory queue;
  final Interrupts interrupts;
  int head;
  int tail;
  int status;

  private final int conditions;
  private final int cause;

  /** A queue that is off; {@code conditions} are the bits of its status that are cleared by writing 1. */
  QueueRegisters(QueueMemory queue, int conditions, int cause, Interrupts interrupts) {
    this.queue = queue;
    this.conditions = conditions;
    this.cause = cause;
    this.interrupts = interrupts;
  }

  /** Begins the queue anew. Called with the monitor held. */
  abstract void begin();

  /** Switches the queue off, empties it and clears its registers. */
  synchronized void reset() {
    queue.write(0);
    begin();
    head = 0;
    tail = 0;
    status = 0;
  }

  final synchronized long base() {
    return queue.register();
  }

  final synchronized void setBase(long value) {
    queue.write(value);
    head = queue.wrap(head);
    tail = queue.wrap(tail);
  }

  final synchronized int head() {
    return head;
  }

  final synchronized int tail() {
    return tail;
  }

  final synchronized int status() {
    return status;
  }

  final synchronized boolean isOn() {
    return (status & ON) != 0;
  }

  /** Switches the queue on or off, and clears the conditions that are written as 1. */
  final synchronized void setStatus(int written) {
    boolean wasOn = isOn();
    boolean on = (written & ENABLE) != 0;
    status = status & conditions & ~written | written & (ENABLE | INTERRUPT_ENABLE) | (on ? ON : 0);
    if (on && !wasOn) {
      status &= ~conditions;
      begin();
    }
    refreshInterrupt();
  }

  /** Raises the interrupt again if it is enabled and a condition holds. */
  final synchronized void refreshInterrupt() {
    if ((status & INTERRUPT_ENABLE) != 0 && (status & conditions) != 0) {
      interrupts.raise(cause);
    }
  }
}
