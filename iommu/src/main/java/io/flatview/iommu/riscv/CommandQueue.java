package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicy;
import java.util.function.BooleanSupplier;

/**
 * The command queue (section 3.1) and its registers (5.6 to 5.8 and 5.15).
 *
 * <p>Commands run in the thread that moves the tail, one at a time. A fence that orders the accesses of devices ends
 * after a grace period: an access that was translated before, and whose memory the guest is about to take away, is a
 * read-side section that has not ended. The thread that moved the tail is inside a section of its own and cannot wait;
 * so the queue stops at the fence, and the thread that reclaims goes on with it. The head moves past the fence then.
 *
 * <p>The monitor guards the fields and is not held while a command runs, since a fence may write to a device.
 */
final class CommandQueue {

  static final int COMMAND_SIZE = 16;

  private static final int ENABLE = 1;
  private static final int INTERRUPT_ENABLE = 1 << 1;
  private static final int MEMORY_FAULT = 1 << 8;
  private static final int ILLEGAL = 1 << 10;
  private static final int FENCE_PENDING = 1 << 11;
  private static final int ON = 1 << 16;
  private static final int ERRORS = MEMORY_FAULT | ILLEGAL;
  private static final int CLEARABLE = ERRORS | FENCE_PENDING;

  private final RiscvIommu iommu;
  private final AddressSpace memory;
  private final ReclaimPolicy policy;
  private final Interrupts interrupts;
  private final QueueMemory queue;
  private int head;
  private int tail;
  private int status;

  /** A command runs, or a fence waits. */
  private boolean busy;

  /** Counts how often the queue was switched on: a fence of an earlier time is of no interest. */
  private int incarnation;

  CommandQueue(RiscvIommu iommu, AddressSpace memory, ReclaimPolicy policy, Interrupts interrupts) {
    this.iommu = iommu;
    this.memory = memory;
    this.policy = policy;
    this.interrupts = interrupts;
    this.queue = new QueueMemory(memory, COMMAND_SIZE);
  }

  /** Runs what is in the queue, up to a fence that must wait or an error. */
  void run() {
    try (ReadSection _ = iommu.reader().enter()) {
      while (step(iommu.reader())) {
        interrupts.deliver();
      }
    }
    interrupts.deliver();
  }

  private boolean step(MapReader reader) {
    final long at;
    final int current;
    synchronized (this) {
      if (busy || (status & ON) == 0 || (status & ERRORS) != 0 || head == tail) {
        return false;
      }
      busy = true;
      at = queue.address(head);
      current = incarnation;
    }
    return ending(current, () -> queue.isReachable(reader, at, Access.READ)
        ? execute(new Command(queue.load(reader, at), queue.load(reader, at + 8)), current, reader)
        : done(current, MEMORY_FAULT));
  }

  /** Runs a command. One that throws, as a device or a notifier may, has run: it must not stop the queue for ever. */
  private boolean ending(int current, BooleanSupplier command) {
    boolean threw = true;
    try {
      boolean goesOn = command.getAsBoolean();
      threw = false;
      return goesOn;
    } finally {
      if (threw) {
        done(current, 0);
      }
    }
  }

  private boolean execute(Command command, int current, MapReader reader) {
    Command.Kind kind = command.kind(iommu.directory());
    switch (kind) {
      case IOTINVAL_VMA, IOTINVAL_GVMA, IODIR_INVAL_DDT, IODIR_INVAL_PDT -> iommu.invalidate(kind, command);
      case IOFENCE_C -> {
        if (command.ordersAccesses()) {
          policy.startGracePeriod().stage().thenRun(() -> resume(command, current));
          return false;
        }
        return fence(command, current, reader);
      }
      default -> {
        return done(current, ILLEGAL);
      }
    }
    return done(current, 0);
  }

  /** In the thread that reclaims: every access that was under way when the fence was reached has ended. */
  private void resume(Command fence, int current) {
    try (ReadSection _ = iommu.reader().enter()) {
      ending(current, () -> fence(fence, current, iommu.reader()));
    } finally {
      run();
    }
  }

  private boolean fence(Command command, int current, MapReader reader) {
    if (!isCurrent(current)) {
      return done(current, 0);
    }
    if (command.hasAddress() && !reader.store(memory, command.dataAddress(), 4, command.data()).isOk()) {
      return done(current, MEMORY_FAULT);
    }
    return done(current, command.interrupts() ? FENCE_PENDING : 0);
  }

  private synchronized boolean isCurrent(int of) {
    return of == incarnation && (status & ON) != 0;
  }

  /** Ends a command: the head stays on one that caused an error. */
  private synchronized boolean done(int current, int outcome) {
    if (current != incarnation) {
      return false;
    }
    busy = false;
    status |= outcome;
    if ((outcome & ERRORS) == 0) {
      head = queue.wrap(head + 1L);
    }
    refreshInterrupt();
    return (outcome & ERRORS) == 0;
  }

  synchronized long base() {
    return queue.register();
  }

  synchronized void setBase(long value) {
    queue.write(value);
    head = queue.wrap(head);
    tail = queue.wrap(tail);
  }

  synchronized int head() {
    return head;
  }

  synchronized int tail() {
    return tail;
  }

  synchronized void setTail(long index) {
    tail = queue.wrap(index);
  }

  synchronized int status() {
    return status;
  }

  /** Switches the queue on or off, and clears the bits that are written as 1. */
  synchronized void setStatus(int written) {
    boolean wasOn = (status & ON) != 0;
    boolean on = (written & ENABLE) != 0;
    status = status & CLEARABLE & ~written | written & (ENABLE | INTERRUPT_ENABLE) | (on ? ON : 0);
    if (on && !wasOn) {
      head = 0;
      status &= ~CLEARABLE;
      incarnation++;
      busy = false;
    }
    refreshInterrupt();
  }

  /** A condition that is still there is pending again. */
  synchronized void refreshInterrupt() {
    if ((status & INTERRUPT_ENABLE) != 0 && (status & CLEARABLE) != 0) {
      interrupts.raise(Interrupts.COMMAND_QUEUE);
    }
  }
}
