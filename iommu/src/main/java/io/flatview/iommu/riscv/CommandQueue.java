package io.flatview.iommu.riscv;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicy;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/**
 * The command queue (section 3.1).
 *
 * <p>Commands run in the thread that moves the tail, one at a time. A fence that orders the accesses of devices ends
 * after a grace period: an access that was translated before, and whose memory the guest is about to take away, is a
 * read-side section that has not ended. The thread that moved the tail is inside a section of its own and cannot wait;
 * so the queue stops at the fence, and a task goes on with it when the grace period has passed. The head moves past the
 * fence then. The thread that reclaims only hands the task over: what a fence writes to a device may take its time.
 *
 * <p>The monitor guards the fields and is not held while a command runs, since a fence may write to a device.
 */
final class CommandQueue extends QueueRegisters implements AutoCloseable {

  static final int COMMAND_SIZE = 16;

  private static final int ILLEGAL = 1 << 10;
  private static final int FENCE_PENDING = 1 << 11;
  private static final int ERRORS = MEMORY_FAULT | ILLEGAL;

  private final RiscvIommu iommu;
  private final AddressSpace memory;
  private final ReclaimPolicy policy;
  private final Executor tasks;

  /** A command runs, or a fence waits. */
  private boolean busy;

  /** Counts how often the queue was switched on or closed: a fence of an earlier time is of no interest. */
  private int incarnation;

  private boolean closed;

  /** Who goes on behind a fence. */
  private final Set<Thread> running = new HashSet<>();

  CommandQueue(
      RiscvIommu iommu, AddressSpace memory, ReclaimPolicy policy, Executor tasks, Interrupts interrupts) {
    super(memory, COMMAND_SIZE, ERRORS | FENCE_PENDING, Interrupts.COMMAND_QUEUE, interrupts);
    this.iommu = iommu;
    this.memory = memory;
    this.policy = policy;
    this.tasks = tasks;
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
      if (busy || closed || !isOn() || (status & ERRORS) != 0 || head == tail) {
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
          policy.startGracePeriod().stage().thenRun(() -> handOver(() -> resume(command, current)));
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

  /** In the thread that reclaims, which runs the task itself only if nobody else does. */
  private void handOver(Runnable task) {
    try {
      tasks.execute(task);
    } catch (RejectedExecutionException _) {
      task.run();
    }
  }

  /** Every access that was under way when the fence was reached has ended. */
  private void resume(Command fence, int current) {
    if (!beginTask(current)) {
      return;
    }
    try (ReadSection _ = iommu.reader().enter()) {
      ending(current, () -> fence(fence, current, iommu.reader()));
    } finally {
      try {
        run();
      } finally {
        endTask();
      }
    }
  }

  private synchronized boolean beginTask(int current) {
    if (!isCurrent(current)) {
      done(current, 0);
      return false;
    }
    return running.add(Thread.currentThread());
  }

  private synchronized void endTask() {
    running.remove(Thread.currentThread());
    notifyAll();
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
    return of == incarnation && isOn();
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

  synchronized void setTail(long index) {
    tail = queue.wrap(index);
  }

  @Override
  void begin() {
    head = 0;
    incarnation++;
    busy = false;
  }

  /**
   * No command begins any more, and a fence that waits comes to nothing. Returns when no task uses the memory any more,
   * but that of the calling thread.
   */
  @Override
  public synchronized void close() {
    closed = true;
    incarnation++;
    boolean interrupted = false;
    while (running.size() > (running.contains(Thread.currentThread()) ? 1 : 0)) {
      try {
        wait();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
