package io.flatview.iommu.riscv;

import io.flatview.iommu.Failures;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The command queue (section 3.1).
 *
 * <p>Commands run one at a time, in the thread that moves the tail. That thread runs only the first portion of a long
 * queue; a task runs the rest, portion by portion, each in a section of its own.
 *
 * <p>A fence that orders the accesses of devices ends after a grace period: an access that was translated before it is
 * a read-side section that has not ended, and the guest is about to take its memory away. The thread that moved the
 * tail is inside a section of its own and cannot wait; so the queue stops at the fence, and a task goes on with it when
 * the grace period has passed. The head moves past the fence then. The reclaiming thread hands the task over and does
 * not run it, since the write of a fence to a device may take long.
 *
 * <p>The monitor guards the fields and is not held while a command runs, since a fence may write to a device.
 */
final class CommandQueue extends QueueRegisters implements AutoCloseable {

  static final int COMMAND_SIZE = 16;

  private static final System.Logger LOG = System.getLogger(CommandQueue.class.getName());

  private static final int ILLEGAL = 1 << 10;
  private static final int FENCE_PENDING = 1 << 11;
  private static final int ERRORS = MEMORY_FAULT | ILLEGAL;

  /** The largest number of commands in one section, and the time after which a section begins no further command. */
  private static final int PORTION = 256;
  private static final long PORTION_NANOS = 1_000_000;

  private final RiscvIommu iommu;
  private final AddressSpace memory;
  private final Capabilities capabilities;
  private final ReclaimPolicy policy;
  private final Executor tasks;

  /** True while a command runs or a fence waits. */
  private boolean busy;

  /** The number of times that the queue began anew or was closed; a fence of an earlier time does nothing. */
  private int incarnation;

  private boolean closed;

  /** True while a task that goes on with the queue is handed over and has not begun. */
  private boolean continuing;

  /** The threads that run tasks of this queue, and the number of tasks of each. */
  private final Map<Thread, Integer> running = new HashMap<>();

  CommandQueue(
      RiscvIommu iommu, AddressSpace memory, Capabilities capabilities, ReclaimPolicy policy, Executor tasks,
      Interrupts interrupts) {
    super(new QueueMemory(memory, capabilities, COMMAND_SIZE), ERRORS | FENCE_PENDING,
        Interrupts.COMMAND_QUEUE, interrupts);
    this.iommu = iommu;
    this.capabilities = capabilities;
    this.memory = memory;
    this.policy = policy;
    this.tasks = tasks;
  }

  /**
   * Runs the commands in the queue, up to an error or a fence that must wait. A task runs the commands after the first
   * portion, since grace periods wait for the caller's section.
   */
  void run() {
    Failures failures = new Failures();
    if (portion(failures) && beginsTask()) {
      handOver(this::continueQueue);
    }
    failures.rethrow();
  }

  /**
   * Runs a portion in a section; true if more commands may follow. A command that throws counts as run, and others
   * follow it.
   */
  private boolean portion(Failures failures) {
    boolean more = true;
    MapReader reader = iommu.reader();
    try (ReadSection _ = reader.enter()) {
      long end = System.nanoTime() + PORTION_NANOS;
      for (int i = 0; more && i < PORTION && (i == 0 || System.nanoTime() - end < 0); i++) {
        more = step(reader, failures);
        failures.collect(interrupts::deliver);
      }
    }
    return more;
  }

  private synchronized boolean beginsTask() {
    boolean begins = !continuing && !closed && !busy && isOn() && head != tail;
    continuing |= begins;
    return begins;
  }

  private void continueQueue() {
    if (!beginTask()) {
      return;
    }
    try {
      drain(new Failures());
    } finally {
      endTask();
    }
  }

  private synchronized boolean beginTask() {
    continuing = false;
    return !closed && enterTask();
  }

  /** Runs portions until none follows. Sections end between portions. */
  private void drain(Failures failures) {
    while (portion(failures)) {
      Thread.yield();
    }
    failures.rethrow();
  }

  private boolean step(MapReader reader, Failures failures) {
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
    return ending(current, failures, () -> queue.isReachable(reader, at, Access.READ)
        ? execute(new Command(queue.load(reader, at), queue.load(reader, at + 8)), current, reader)
        : done(current, MEMORY_FAULT));
  }

  /** Runs a command; false if no other may follow now. A command whose device or notifier throws counts as run. */
  private boolean ending(int current, Failures failures, BooleanSupplier command) {
    boolean[] goesOn = {false};
    boolean[] returned = {false};
    failures.collect(() -> {
      goesOn[0] = command.getAsBoolean();
      returned[0] = true;
    });
    return returned[0] ? goesOn[0] : done(current, 0);
  }

  private boolean execute(Command command, int current, MapReader reader) {
    Command.Kind kind = command.kind(iommu.directory(), capabilities, interrupts.areWired());
    switch (kind) {
      case IOTINVAL_VMA, IOTINVAL_GVMA, IODIR_INVAL_DDT, IODIR_INVAL_PDT -> iommu.invalidate(kind, command);
      case IOFENCE_C -> {
        return command.ordersAccesses() ? awaitAccesses(command, current) : fence(command, current, reader);
      }
      case ILLEGAL -> {
        return done(current, ILLEGAL);
      }
    }
    return done(current, 0);
  }

  /**
   * Goes on with a fence after a grace period. If the policy is closed, or gives the grace period up, accesses may be
   * under way for ever: the queue stops at the fence with an error, as if its memory could not be reached.
   */
  private boolean awaitAccesses(Command fence, int current) {
    try {
      policy.startGracePeriod().stage().whenComplete((_, cause) -> handOver(
          cause == null ? () -> resume(fence, current) : () -> giveUp(current)));
      return false;
    } catch (IllegalStateException _) {
      return done(current, MEMORY_FAULT);
    }
  }

  /**
   * Hands a task to the executor. The calling thread, which may be the reclaiming one, runs it only if the executor
   * does not.
   */
  private void handOver(Runnable task) {
    AtomicBoolean begun = new AtomicBoolean();
    Runnable once = () -> {
      if (begun.compareAndSet(false, true)) {
        task.run();
      }
    };
    try {
      tasks.execute(once);
    } catch (Throwable failure) {
      if (begun.get()) {
        throw failure;
      }
      logUnlessRejected(failure);
      once.run();
    }
  }

  /** A log that throws must not keep the queue from going on. */
  private static void logUnlessRejected(Throwable failure) {
    try {
      if (!(failure instanceof RejectedExecutionException)) {
        LOG.log(System.Logger.Level.WARNING, "the command queue goes on in the present thread", failure);
      }
    } catch (Throwable _) {
      // the warning is lost
    }
  }

  /** Goes on after the grace period of a fence: every access that was under way at the fence has ended. */
  private void resume(Command fence, int current) {
    if (!beginTask(current)) {
      return;
    }
    Failures failures = new Failures();
    try {
      try (ReadSection _ = iommu.reader().enter()) {
        ending(current, failures, () -> fence(fence, current, iommu.reader()));
      }
      drain(failures);
    } finally {
      endTask();
    }
  }

  /** Stops at a fence whose grace period was given up, and tells the guest. */
  private void giveUp(int current) {
    if (!beginTask(current)) {
      return;
    }
    try {
      done(current, MEMORY_FAULT);
      interrupts.deliver();
    } finally {
      endTask();
    }
  }

  private synchronized boolean beginTask(int current) {
    if (!isCurrent(current)) {
      done(current, 0);
      return false;
    }
    return enterTask();
  }

  private boolean enterTask() {
    running.merge(Thread.currentThread(), 1, Integer::sum);
    return true;
  }

  private synchronized void endTask() {
    running.computeIfPresent(Thread.currentThread(), (_, tasksOfIt) -> tasksOfIt == 1 ? null : tasksOfIt - 1);
    notifyAll();
  }

  private boolean fence(Command command, int current, MapReader reader) {
    if (!isCurrent(current)) {
      return done(current, 0);
    }
    if (command.hasAddress() && !store(command, reader)) {
      return done(current, MEMORY_FAULT);
    }
    return done(current, command.interrupts() ? FENCE_PENDING : 0);
  }

  private boolean store(Command fence, MapReader reader) {
    return capabilities.reaches(fence.dataAddress())
        && reader.store(memory, fence.dataAddress(), 4, fence.data()).isOk();
  }

  private synchronized boolean isCurrent(int of) {
    return of == incarnation && isOn();
  }

  /** Ends a command; the head stays at a command that caused an error. */
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
   * Stops the queue: no further command begins, and a fence that waits is cancelled. Waits for all tasks under way but
   * those of the calling thread, so that no task uses the memory afterwards.
   */
  @Override
  public synchronized void close() {
    closed = true;
    incarnation++;
    boolean interrupted = false;
    while (running.size() > (running.containsKey(Thread.currentThread()) ? 1 : 0)) {
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
