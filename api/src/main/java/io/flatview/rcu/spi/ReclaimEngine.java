package io.flatview.rcu.spi;

import io.flatview.rcu.Checked;
import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.NoWaitScope;
import io.flatview.rcu.PolicyHold;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimStatistics;
import io.flatview.stack.Headroom;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The policy that all flavours share: bags of retired actions, one daemon thread that runs them, numbered grace periods
 * that concurrent callers share, a bounded backlog, reports of stalled readers, and the checks that turn a deadlock
 * into an error.
 *
 * <p>The thread starts with the policy, sleeps while there is nothing to do, and ends with {@link #close()}. An action
 * must not block for long: the ones behind it and every {@link #barrier()} wait for it. Grace periods do not wait for
 * actions: if one is requested while actions run, a second thread runs it.
 *
 * <p>A platform thread that calls {@link #synchronize()} runs the grace period itself; the reclaiming thread runs those
 * for retired actions, for tokens and for virtual threads.
 *
 * <table class="striped">
 * <caption>Its Flight Recorder events, all disabled unless a recording enables them by name</caption>
 * <thead><tr><th scope="col">name</th><th scope="col">fields</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">{@code io.flatview.GracePeriod}</th><td>policy, number, whether expedited, duration</td></tr>
 * <tr><th scope="row">{@code io.flatview.ReclaimBatch}</th><td>policy, number of actions, duration</td></tr>
 * <tr><th scope="row">{@code io.flatview.ReaderStall}</th><td>policy, grace period, age, backlog, reader</td></tr>
 * <tr><th scope="row">{@code io.flatview.ReclaimBacklog}</th><td>policy, backlog; periodic</td></tr>
 * </tbody>
 * </table>
 */
public final class ReclaimEngine implements ReclaimPolicy {

  /*
   * Readers refer to the registry, never to this object: a program may keep its readers for longer than the policy, and
   * a reference from a reader to the policy would keep the policy, its options and its listener in memory.
   */

  private final Flavour flavour;
  private final ReclaimOptions options;
  private final ThreadTable threads = ThreadTable.create();
  private final ReaderRegistry registry = new ReaderRegistry(threads);
  private final Progress progress = new Progress();
  private final GracePeriods periods = new GracePeriods();
  private final PendingActions pending = new PendingActions();
  private final Holds holds = new Holds();
  private final ActionRunner runner;
  private final RetireQueue queue;
  private final Backlog backlog;
  private final MemoryLoad memory;
  private final Retirement retirement;
  private final StallWatch stalls;
  private final GracePeriodDriver driver;
  private final Reclaimer reclaimer;
  private final Thread thread;

  /**
   * A policy of a flavour with the usual options, with its reclaiming thread running.
   *
   * @param flavour used by this policy only
   */
  public ReclaimEngine(Flavour flavour) {
    this(flavour, ReclaimOptions.defaults());
  }

  /**
   * A policy of a flavour, with its reclaiming thread running.
   *
   * @param flavour used by this policy only
   * @param options limits and time limits
   */
  public ReclaimEngine(Flavour flavour, ReclaimOptions options) {
    this.flavour = flavour;
    this.options = options;
    Telemetry telemetry = Telemetry.choose();
    runner = new ActionRunner(flavour.name());
    LongSupplier reclaimed = runner::reclaimed;
    queue = new RetireQueue(reclaimed);
    backlog = new Backlog(flavour.name(), options, queue, reclaimed);
    memory = new MemoryLoad(flavour.name(), options.memoryLimit());
    retirement = new Retirement(options, backlog, memory, queue, progress);
    LongSupplier waiting = backlog::size;
    stalls = new StallWatch(flavour.name(), options, registry, waiting, telemetry);
    driver = new GracePeriodDriver(flavour, registry, periods, progress, stalls, telemetry, runner, memory);
    reclaimer = new Reclaimer(flavour.name(), queue, periods, driver, progress, telemetry, runner, memory);
    thread = Threads.daemon(flavour.name(), watched(reclaimer, telemetry, flavour.name(), waiting));
  }

  /** This method is static, so that the thread does not refer to this object. */
  private static Runnable watched(Runnable reclaimer, Telemetry telemetry, String policy, LongSupplier backlog) {
    return () -> {
      try (Telemetry.Watch _ = telemetry.watch(policy, backlog)) {
        reclaimer.run();
      }
    };
  }

  @Override
  public String name() {
    return flavour.name();
  }

  @Override
  public Reader register(String name) {
    SlotReader reader = newReader(Objects.requireNonNull(name, "name"));
    try {
      threads.mine().addExplicit(reader);
      reader.attach();
      return Checked.ON ? registry.track(reader) : reader;
    } catch (Throwable e) {
      reader.undo();
      throw e;
    }
  }

  @Override
  public Reader currentReader() {
    SlotReader reader = threads.mine().implicit();
    return reader != null ? reader : newImplicit();
  }

  private Reader newImplicit() {
    SlotReader reader = newReader(null);
    threads.mine().setImplicit(reader);
    return reader;
  }

  /** Makes a reader; the calling thread's implicit one if the name is null. */
  private SlotReader newReader(String name) {
    Headroom.requireToRegister();
    refuseIfClosed();
    SlotReader reader = flavour.newReader(new Registration(name, registry, threads.mine()));
    try {
      if (registry.add(reader)) {
        stalls.sweep();
      }
      return reader;
    } catch (Throwable e) {
      reader.undo();
      throw e;
    }
  }

  @Override
  public boolean inSection() {
    return threads.mine().inSection();
  }

  /** {@inheritDoc} In checked mode its cause is what the thread's readers did last. */
  @Override
  public void requireSection() {
    ThreadReaders own = threads.mine();
    if (!own.inSection()) {
      throw new IllegalStateException(Thread.currentThread() + " is outside any section of the " + name()
          + " policy; write try (ReadSection _ = reader.enter()) { ... }", own.history());
    }
  }

  @Override
  public void requireSection(Reader reader) {
    if (slotReader(reader) instanceof SlotReader own && own.registration().isIn(registry)) {
      own.requireSection();
    } else {
      throw new IllegalArgumentException(
          "reader '" + reader.name() + "' is not of this " + name() + " policy, and protects nothing of it");
    }
  }

  private static Reader slotReader(Reader reader) {
    return reader instanceof ReaderHandle handle ? handle.reader : reader;
  }

  @Override
  public void retire(ReclaimAction action) {
    Objects.requireNonNull(action, "action");
    if (Checked.ON) {
      pending.retire(action, this::accept);
    } else {
      accept(action);
    }
  }

  @Override
  public void retire(ReclaimAction action, long bytes) {
    Objects.requireNonNull(action, "action");
    if (bytes < 0) {
      throw new IllegalArgumentException("memory of " + bytes + " bytes cannot be retired");
    }
    if (Checked.ON) {
      pending.retire(action, checked -> accept(checked, bytes));
    } else {
      accept(action, bytes);
    }
  }

  private void accept(ReclaimAction action, long bytes) {
    ThreadReaders own = threads.mine();
    Headroom.require(); // a count that is broken off half way, or not taken back, would keep its room for ever
    long counted = retirement.admit(own, bytes, () -> mayBeThrottled(own), reclaimer::hurry);
    if (counted == MemoryLoad.REFUSED) {
      throw closed();
    }
    try {
      accept(memory.releasing(action, counted));
    } catch (Throwable e) { // refused, or out of memory
      memory.release(counted);
      throw e;
    }
  }

  private void accept(ReclaimAction action) {
    ThreadReaders own = threads.mine();
    if (!own.bag().add(action)) {
      retireInNewBag(own, action);
    }
  }

  /**
   * Opens a new bag and wakes the reclaiming thread; an action in a bag that is in the queue already needs no wake-up.
   */
  private void retireInNewBag(ThreadReaders own, ReclaimAction action) {
    Headroom.require();
    if (!retirement.open(own, action, () -> mayBeThrottled(own))) {
      throw closed();
    }
    reclaimer.wake();
  }

  private boolean mayBeThrottled(ThreadReaders own) {
    return noWaitHolder(own) == null && !own.mayBeInside() && !isWaitedFor();
  }

  private static String noWaitHolder(ThreadReaders own) {
    String holder = own.noWaitHolder();
    return holder != null ? holder : ThreadTable.noWaitHolder();
  }

  @Override
  public void synchronize() {
    try (ThreadReaders.Wait _ = beginWait("synchronize")) {
      awaitEnd(request());
    }
  }

  @Override
  public void synchronizeExpedited() {
    try (ThreadReaders.Wait _ = beginWait("synchronizeExpedited")) {
      long target = request();
      driver.expedite(target);
      awaitEnd(target);
    }
  }

  @Override
  public void barrier() {
    try (ThreadReaders.Wait _ = beginWait("barrier")) {
      refuseIfClosed();
      long accepted = queue.seal();
      reclaimer.hurry();
      BooleanSupplier goal = () -> runner.reclaimed() >= accepted;
      progress.awaitThroughInterrupts(() -> goal.getAsBoolean() || runner.isLost(accepted), Long.MAX_VALUE);
      refuseUnless(goal.getAsBoolean());
    }
  }

  @Override
  public GracePeriod startGracePeriod() {
    long target = request();
    reclaimer.hurryGracePeriod();
    return new Token(this, target);
  }

  @Override
  public NoWaitScope forbidWaiting(String holder) {
    return threads.mine().forbidWaiting(Objects.requireNonNull(holder, "holder"));
  }

  @Override
  public PolicyHold hold(String user) {
    Objects.requireNonNull(user, "user");
    refuseIfClosed();
    PolicyHold hold = holds.add(user);
    if (hold == null) {
      throw closed();
    }
    return hold;
  }

  @Override
  public ReclaimStatistics statistics() {
    Headroom.require();
    stalls.sweep();
    // A part is read before the whole. An action that fails is counted as such first, and then among those that ran.
    final long failed = runner.failed();
    final long reclaimed = runner.reclaimed();
    final long retired = queue.seal();
    final long blocks = memory.blocks();
    GracePeriodTally.Counts ended = driver.counts();
    return new ReclaimStatistics(
        ended.ended(), ended.expedited(), Duration.ofNanos(ended.totalNanos()), Duration.ofNanos(ended.longestNanos()),
        retired, reclaimed, Math.min(failed, reclaimed), backlog.rejected() + memory.rejected(), queue.maxBacklog(),
        queue.bags(), stalls.reports(), registry.size(), blocks, memory.bytes(), memory.most());
  }

  @Override
  public long close(Duration deadline) {
    long nanos = TimeUnit.NANOSECONDS.convert(deadline);
    try (ThreadReaders.Wait _ = beginWait("close")) {
      holds.close(name());
      queue.close();
      reclaimer.hurry();
      progress.announce();
      progress.awaitThroughInterrupts(reclaimer::isTerminated, nanos);
      return reclaimer.giveUp();
    }
  }

  @Override
  public void close() {
    long left = close(options.closeDeadline());
    if (left > 0) {
      SafeLog.warn(ReclaimEngine.class, () -> "policy " + name() + " closed with " + left
          + " actions that never run: a reader, or an action before them, did not come to an end within "
          + options.closeDeadline());
    }
  }

  boolean hasEnded(long target) {
    return periods.hasEnded(target);
  }

  CompletionStage<Void> stage(long target) {
    CompletionStage<Void> stage = periods.stage(target);
    reclaimer.wakeForStage();
    return stage;
  }

  boolean await(long target, Duration timeout) throws InterruptedException {
    long nanos = TimeUnit.NANOSECONDS.convert(timeout);
    try (ThreadReaders.Wait _ = beginWait("await")) {
      BooleanSupplier settled = () -> hasEnded(target) || reclaimer.hasGivenUp();
      return progress.await(settled, nanos) && refuseUnless(hasEnded(target));
    }
  }

  private long request() {
    refuseIfClosed();
    return periods.request();
  }

  private void awaitEnd(long target) {
    if (Thread.currentThread().isVirtual()) {
      leaveToReclaimer(target);
    } else {
      runHere(target);
    }
    refuseUnless(hasEnded(target));
  }

  /**
   * Waits for the reclaiming thread to run the grace period: a virtual thread that ran it might lose its carrier, while
   * all others wait.
   */
  private void leaveToReclaimer(long target) {
    reclaimer.hurryGracePeriod();
    progress.awaitThroughInterrupts(() -> hasEnded(target) || reclaimer.hasGivenUp(), Long.MAX_VALUE);
  }

  /** Runs the grace period in the calling thread, unless another thread is running one. */
  private void runHere(long target) {
    try {
      driver.awaitEnd(target);
    } catch (RuntimeException e) { // thrown by the flavour
      reclaimer.fail(e);
    }
    if (periods.hasDueStages()) {
      reclaimer.wakeForStage();
    }
  }

  /** Whether other threads wait for the calling thread, which therefore must not wait for them. */
  private boolean isWaitedFor() {
    return Thread.currentThread() == thread || driver.isDriving();
  }

  private ThreadReaders.Wait beginWait(String what) {
    ThreadReaders own = threads.mine();
    if (own.inSection()) {
      throw new IllegalStateException(
          what + " inside the caller's own section could never return; leave the section first, or use retire");
    }
    if (isWaitedFor()) {
      throw new IllegalStateException(
          what + " in the reclaiming thread could never return; use retire, or hand the work to another thread");
    }
    String holder = noWaitHolder(own);
    if (holder != null) {
      throw new IllegalStateException(what + " could never return here: " + holder
          + " holds on to something that a reader inside a section may be waiting for; use retire, or wait afterwards");
    }
    return own.beginWait();
  }

  private void refuseIfClosed() {
    if (queue.isClosed()) {
      throw closed();
    }
  }

  private boolean refuseUnless(boolean goal) {
    if (!goal) {
      throw closed();
    }
    return true;
  }

  private IllegalStateException closed() {
    Throwable failure = reclaimer.failure();
    return new IllegalStateException(failure == null
        ? "the " + name() + " policy is closed; what waited for it was given up"
        : "the " + name() + " policy failed, and is closed", failure);
  }
}
