package io.flatview.rcu.spi;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimStatistics;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The policy that all flavours share: a queue of retired actions, one daemon thread that runs grace periods and
 * actions, numbered grace periods that concurrent callers share, and the checks that turn a deadlock into an error.
 *
 * <p>The thread starts with the policy, sleeps while there is nothing to do, and ends with {@link #close()}. An action
 * must not block for long: the ones behind it, and every {@link #synchronize()}, wait for it.
 */
public final class ReclaimEngine implements ReclaimPolicy {

  /*
   * Readers refer to the registry, never to this object: a thread keeps its readers alive through the ThreadLocal
   * below, and a way from them back to that ThreadLocal would keep it alive as long as the thread, in every thread that
   * ever read.
   */

  private static final System.Logger LOG = System.getLogger(ReclaimEngine.class.getName());
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(10);

  private final Flavour flavour;
  private final ReaderRegistry registry = new ReaderRegistry();
  private final RetireQueue queue = new RetireQueue();
  private final Progress progress = new Progress();
  private final GracePeriods periods = new GracePeriods(progress);
  private final ThreadLocal<ThreadReaders> mine = ThreadLocal.withInitial(ThreadReaders::new);
  private final Reclaimer reclaimer;
  private final Thread thread;

  /**
   * A policy of a flavour, with its reclaiming thread running.
   *
   * @param flavour used by this policy only
   */
  public ReclaimEngine(Flavour flavour) {
    this.flavour = flavour;
    this.reclaimer = new Reclaimer(flavour, registry, queue, periods, progress);
    this.thread = Thread.ofPlatform().daemon().name("flatview-rcu-" + flavour.name()).start(reclaimer);
  }

  @Override
  public String name() {
    return flavour.name();
  }

  @Override
  public Reader register(String name) {
    SlotReader reader = newReader(Objects.requireNonNull(name, "name"), false);
    mine.get().addExplicit(reader);
    reader.attach();
    return reader;
  }

  @Override
  public Reader currentReader() {
    SlotReader reader = mine.get().implicit();
    return reader != null ? reader : newImplicit();
  }

  private Reader newImplicit() {
    Thread current = Thread.currentThread();
    SlotReader reader = newReader("thread " + current.getName() + "#" + current.threadId(), true);
    mine.get().setImplicit(reader);
    return reader;
  }

  private SlotReader newReader(String name, boolean implicit) {
    refuseIfClosed();
    SlotReader reader = flavour.newReader(new Registration(name, implicit, registry));
    registry.add(reader);
    return reader;
  }

  @Override
  public void retire(ReclaimAction action) {
    if (!queue.offer(Objects.requireNonNull(action, "action"))) {
      throw closed();
    }
    reclaimer.wake();
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
      periods.expedite(target);
      awaitEnd(target);
    }
  }

  @Override
  public void barrier() {
    try (ThreadReaders.Wait _ = beginWait("barrier")) {
      refuseIfClosed();
      long accepted = queue.accepted();
      awaitProgress(() -> reclaimer.reclaimed() >= accepted);
    }
  }

  @Override
  public GracePeriod startGracePeriod() {
    return new Token(this, request());
  }

  @Override
  public ReclaimStatistics statistics() {
    registry.sweep();
    long failed = reclaimer.failed();
    long reclaimed = reclaimer.reclaimed();
    return new ReclaimStatistics(periods.ended(), queue.accepted(), reclaimed, failed, registry.size());
  }

  @Override
  public long close(Duration deadline) {
    try (ThreadReaders.Wait _ = beginWait("close")) {
      queue.close();
      reclaimer.wake();
      progress.awaitThroughInterrupts(reclaimer::isTerminated, TimeUnit.NANOSECONDS.convert(deadline));
      return reclaimer.giveUp();
    }
  }

  @Override
  public void close() {
    long left = close(CLOSE_DEADLINE);
    if (left > 0) {
      LOG.log(WARNING, "policy {0} closed with {1} actions that never run: a reader did not leave within {2}",
          name(), left, CLOSE_DEADLINE);
    }
  }

  boolean hasEnded(long target) {
    return periods.hasEnded(target);
  }

  CompletionStage<Void> stage(long target) {
    return periods.stage(target);
  }

  boolean await(long target, Duration timeout) throws InterruptedException {
    try (ThreadReaders.Wait _ = beginWait("await")) {
      BooleanSupplier settled = () -> hasEnded(target) || reclaimer.isTerminated();
      return progress.await(settled, TimeUnit.NANOSECONDS.convert(timeout)) && refuseUnless(hasEnded(target));
    }
  }

  private long request() {
    refuseIfClosed();
    long target = periods.request();
    reclaimer.wake();
    return target;
  }

  private void awaitEnd(long target) {
    awaitProgress(() -> hasEnded(target));
  }

  private void awaitProgress(BooleanSupplier goal) {
    progress.awaitThroughInterrupts(() -> goal.getAsBoolean() || reclaimer.isTerminated(), Long.MAX_VALUE);
    refuseUnless(goal.getAsBoolean());
  }

  private ThreadReaders.Wait beginWait(String what) {
    ThreadReaders own = mine.get();
    if (own.inSection()) {
      throw new IllegalStateException(
          what + " inside the caller's own section could never return; leave the section first, or use retire");
    }
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException(
          what + " in the reclaiming thread could never return; use retire, or hand the work to another thread");
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
    return new IllegalStateException("the " + name() + " policy is closed; what waited for it was given up");
  }
}
