package io.flatview.rcu.contract;

import io.flatview.rcu.Checked;
import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.NoWaitScope;
import io.flatview.rcu.PolicyHold;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimStatistics;
import io.flatview.rcu.spi.PendingActions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A deterministic policy for tests: it has no thread of its own, and nothing is reclaimed until the test calls
 * {@link #runGracePeriod()}, {@link #barrier()} or {@link #close()}, which run the actions in the calling thread, in
 * the order in which they were retired.
 *
 * <p>An action is ripe when every section that was open at the time of {@code retire} has ended. So that one thread can
 * play reader and writer, {@code runGracePeriod} may be called inside a section; it then runs what was ripe before.
 * {@link #synchronize()} waits for the sections of other threads and runs nothing. A {@link GracePeriod} is over only
 * when one of the running methods says so.
 *
 * <p><b>Threading.</b> Safe for any number of threads; slow on purpose, as one lock guards everything.
 */
public final class ManualReclaimPolicy implements ReclaimPolicy {

  private static final long NOT_OPEN = Long.MAX_VALUE;

  /** Something that waits for the sections that were open at an instant; {@code retired} tells actions from tokens. */
  private record Waiting(long since, ReclaimAction action, boolean retired) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition sectionEnded = lock.newCondition();
  private final ThreadLocal<ManualReader> implicit = new ThreadLocal<>();
  private final List<ManualReader> readers = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final PendingActions pending = new PendingActions();
  private final List<Throwable> failures = new ArrayList<>();
  private final Map<PolicyHold, String> holds = new IdentityHashMap<>();
  private final ThreadLocal<List<String>> noWaitHolders = ThreadLocal.withInitial(ArrayList::new);
  private long clock;
  private long gracePeriods;
  private long retired;
  private long reclaimed;
  private boolean closed;

  /** A policy with no readers and nothing retired. */
  public ManualReclaimPolicy() {}

  /**
   * Runs every action whose sections have ended, in the order of retirement, and ends the tokens that are due.
   *
   * @return how many actions ran, those that threw included
   */
  public int runGracePeriod() {
    List<Waiting> ripe = takeRipe();
    ripe.forEach(this::run);
    return (int) ripe.stream().filter(Waiting::retired).count();
  }

  /**
   * How many actions were retired and have not run.
   *
   * @return the backlog, whether ripe or not
   */
  public int pending() {
    lock.lock();
    try {
      return (int) waiting.stream().filter(Waiting::retired).count();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the actions threw so far.
   *
   * @return a copy, in the order of running
   */
  public List<Throwable> failures() {
    lock.lock();
    try {
      return List.copyOf(failures);
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many outermost sections are open, of all readers.
   *
   * @return the number of readers inside a section
   */
  public int openSections() {
    lock.lock();
    try {
      return (int) readers.stream().filter(r -> r.depth > 0).count();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String name() {
    return "manual";
  }

  @Override
  public Reader register(String name) {
    return add(name, false);
  }

  @Override
  public Reader currentReader() {
    ManualReader mine = implicit.get();
    if (mine == null) {
      mine = add(Thread.currentThread().getName(), true);
      implicit.set(mine);
    }
    return mine;
  }

  @Override
  public boolean inSection() {
    lock.lock();
    try {
      return anyReaderIsInside(Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  /** Makes no garbage: tests that count bytes run in checked mode, which asks this at every dereference. */
  private boolean anyReaderIsInside(Thread thread) {
    boolean inside = false;
    for (int i = 0; i < readers.size() && !inside; i++) {
      inside = readers.get(i).owner == thread && readers.get(i).depth > 0;
    }
    return inside;
  }

  @Override
  public void retire(ReclaimAction action) {
    if (Checked.ON) {
      pending.retire(action, this::accept);
    } else {
      accept(action);
    }
  }

  private void accept(ReclaimAction action) {
    lock.lock();
    try {
      refuseIfClosed();
      waiting.add(new Waiting(++clock, action, true));
      retired++;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void synchronize() {
    lock.lock();
    try {
      refuseIfClosed();
      refuseInSection("synchronize");
      awaitSectionsBefore(++clock, Duration.ofDays(1));
      gracePeriods++;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void synchronizeExpedited() {
    synchronize();
  }

  /** Waits for the sections of other threads and then runs what was retired before, in the calling thread. */
  @Override
  public void barrier() {
    synchronize();
    runGracePeriod();
  }

  @Override
  public GracePeriod startGracePeriod() {
    Token token = new Token();
    lock.lock();
    try {
      refuseIfClosed();
      waiting.add(new Waiting(++clock, token.end(), false));
    } finally {
      lock.unlock();
    }
    return token;
  }

  @Override
  public NoWaitScope forbidWaiting(String holder) {
    List<String> holders = noWaitHolders.get();
    String mine = new String(holder); // another object than that of any other scope
    NoWaitScope scope = () -> remove(holders, mine); // made first: else nothing is forbidden
    holders.add(mine);
    return scope;
  }

  /** Allocates nothing: a scope must also end when the heap is exhausted. */
  private static void remove(List<String> holders, String mine) {
    for (int i = holders.size() - 1; i >= 0; i--) {
      if (holders.get(i) == mine) {
        holders.remove(i);
        return;
      }
    }
  }

  @Override
  public PolicyHold hold(String user) {
    lock.lock();
    try {
      refuseIfClosed();
      PolicyHold hold = new ManualHold(user);
      holds.put(hold, user);
      return hold;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ReclaimStatistics statistics() {
    lock.lock();
    try {
      return new ReclaimStatistics(gracePeriods, retired, reclaimed, failures.size(), readers.size());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long close(Duration deadline) {
    lock.lock();
    try {
      refuseInSection("close");
      refuseIfHeld();
      closed = true;
      awaitSectionsBefore(++clock, deadline);
    } finally {
      lock.unlock();
    }
    runGracePeriod();
    return drop();
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(10));
  }

  private long drop() {
    List<Waiting> left;
    long dropped;
    lock.lock();
    try {
      dropped = retired - reclaimed;
      left = List.copyOf(waiting);
      waiting.clear();
    } finally {
      lock.unlock();
    }
    IllegalStateException cause = new IllegalStateException("the policy was closed before the grace period had ended");
    left.forEach(each -> each.action.abandon(cause));
    return dropped;
  }

  private List<Waiting> takeRipe() {
    lock.lock();
    try {
      long oldest = oldestSection();
      List<Waiting> ripe = waiting.stream().filter(w -> w.since < oldest).toList();
      waiting.removeAll(ripe);
      gracePeriods++;
      return ripe;
    } finally {
      lock.unlock();
    }
  }

  private void run(Waiting ripe) {
    Throwable failure = failureOf(ripe.action);
    lock.lock();
    try {
      reclaimed += ripe.retired ? 1 : 0;
      if (failure != null) {
        failures.add(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  private static Throwable failureOf(ReclaimAction action) {
    try {
      action.reclaim();
      return null;
    } catch (Exception | AssertionError e) {
      return e;
    }
  }

  private void awaitSectionsBefore(long instant, Duration limit) {
    long deadline = System.nanoTime() + Math.max(0, TimeUnit.NANOSECONDS.convert(limit));
    boolean interrupted = false;
    while (oldestSection() < instant && deadline - System.nanoTime() > 0) {
      try {
        sectionEnded.awaitNanos(deadline - System.nanoTime());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long oldestSection() {
    return readers.stream().mapToLong(r -> r.openedAt).min().orElse(NOT_OPEN);
  }

  private void refuseInSection(String what) {
    if (inSection()) {
      throw new IllegalStateException(what + " inside the caller's own section could never return; leave it first");
    }
    if (!noWaitHolders.get().isEmpty()) {
      throw new IllegalStateException(what + " is forbidden here by " + noWaitHolders.get().getLast());
    }
  }

  private void refuseIfHeld() {
    if (!holds.isEmpty()) {
      throw new IllegalStateException("the policy is needed by " + holds.values() + "; close this first");
    }
  }

  private void refuseIfClosed() {
    if (closed) {
      throw new IllegalStateException("the policy is closed");
    }
  }

  private ManualReader add(String name, boolean isImplicit) {
    lock.lock();
    try {
      refuseIfClosed();
      ManualReader reader = new ManualReader(name, isImplicit);
      readers.add(reader);
      return reader;
    } finally {
      lock.unlock();
    }
  }

  private final class ManualHold implements PolicyHold {

    private final String user;

    ManualHold(String user) {
      this.user = user;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        holds.remove(this, user);
      } finally {
        lock.unlock();
      }
    }
  }

  private final class Token implements GracePeriod {

    private final CompletableFuture<Void> over = new CompletableFuture<>();

    ReclaimAction end() {
      return new ReclaimAction() {
        @Override
        public void reclaim() {
          over.complete(null);
        }

        @Override
        public void abandon(Throwable cause) {
          over.completeExceptionally(cause);
        }
      };
    }

    @Override
    public boolean poll() {
      return over.isDone();
    }

    @Override
    public boolean await(Duration timeout) throws InterruptedException {
      lock.lock();
      try {
        refuseInSection("await");
      } finally {
        lock.unlock();
      }
      try {
        over.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        return true;
      } catch (TimeoutException e) {
        return false;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public CompletionStage<Void> stage() {
      return over.minimalCompletionStage();
    }
  }

  /** All fields are guarded by the policy's lock. */
  private final class ManualReader implements Reader {

    private final String name;
    private final boolean isImplicit;
    private Thread owner = Thread.currentThread();
    private final ReadSection section = this::leave;
    private int depth;
    private long openedAt = NOT_OPEN;
    private boolean usable = true;
    private boolean online = true;

    ManualReader(String name, boolean isImplicit) {
      this.name = name;
      this.isImplicit = isImplicit;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public ReadSection enter() {
      lock.lock();
      try {
        refuse(!usable, "is closed");
        refuse(!online, "is offline");
        if (depth++ == 0) {
          owner = Thread.currentThread();
          openedAt = ++clock;
        }
        return section;
      } finally {
        lock.unlock();
      }
    }

    private void leave() {
      lock.lock();
      try {
        refuse(depth == 0, "has no open section");
        if (--depth == 0) {
          openedAt = NOT_OPEN;
          sectionEnded.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean inSection() {
      lock.lock();
      try {
        return depth > 0;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void quiescent() {
      outsideSection();
    }

    @Override
    public void offline() {
      setOnline(false);
    }

    @Override
    public void online() {
      setOnline(true);
    }

    private void setOnline(boolean next) {
      lock.lock();
      try {
        outsideSection();
        online = next;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean leaveAbandoned(Runnable last) {
      lock.lock();
      try {
        refuse(depth > 0 && owner.isAlive(), "is inside a section of " + owner + ", which has not ended");
        boolean inside = depth > 0;
        if (inside) {
          last.run();
          depth = 1;
          leave();
        }
        return inside;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        outsideSection();
        refuse(isImplicit, "is implicit and leaves with its thread");
        usable = false;
        readers.remove(this);
      } finally {
        lock.unlock();
      }
    }

    private void outsideSection() {
      refuse(inSection(), "is inside a section");
    }

    private void refuse(boolean wrong, String what) {
      if (wrong) {
        throw new IllegalStateException("reader '" + name + "' " + what);
      }
    }
  }
}
