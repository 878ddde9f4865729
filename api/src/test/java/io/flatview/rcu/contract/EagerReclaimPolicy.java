package io.flatview.rcu.contract;

import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.NoWaitScope;
import io.flatview.rcu.PolicyHold;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimStatistics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/**
 * A broken policy, on purpose: it waits for no reader. Actions run inside {@code retire}, in the calling thread, even
 * if readers are inside; every wait returns at once and every grace period is over as soon as it starts.
 *
 * <p>A test that protects readers must fail under this policy; if it passes, it has no teeth.
 */
public final class EagerReclaimPolicy implements ReclaimPolicy {

  private final ThreadLocal<EagerReader> implicit = ThreadLocal.withInitial(() -> new EagerReader("implicit"));
  private final LongAdder retired = new LongAdder();
  private final LongAdder reclaimed = new LongAdder();
  private final LongAdder failed = new LongAdder();

  /** A policy that protects nothing. */
  public EagerReclaimPolicy() {}

  @Override
  public String name() {
    return "eager";
  }

  @Override
  public Reader register(String name) {
    return new EagerReader(name);
  }

  @Override
  public Reader currentReader() {
    return implicit.get();
  }

  /** Knows of the implicit readers only. */
  @Override
  public boolean inSection() {
    return implicit.get().inSection();
  }

  @Override
  public void retire(ReclaimAction action) {
    retired.increment();
    try {
      action.reclaim();
    } catch (Exception e) {
      failed.increment();
    }
    reclaimed.increment();
  }

  @Override
  public void synchronize() {}

  @Override
  public void synchronizeExpedited() {}

  @Override
  public void barrier() {}

  @Override
  public GracePeriod startGracePeriod() {
    return new OverAtOnce();
  }

  @Override
  public NoWaitScope forbidWaiting(String holder) {
    return () -> {};
  }

  @Override
  public PolicyHold hold(String user) {
    return () -> {};
  }

  @Override
  public ReclaimStatistics statistics() {
    return new ReclaimStatistics(retired.sum(), retired.sum(), reclaimed.sum(), failed.sum(), 0);
  }

  @Override
  public long close(Duration deadline) {
    return 0;
  }

  @Override
  public void close() {}

  private static final class OverAtOnce implements GracePeriod {

    @Override
    public boolean poll() {
      return true;
    }

    @Override
    public boolean await(Duration timeout) {
      return true;
    }

    @Override
    public CompletionStage<Void> stage() {
      return CompletableFuture.completedStage(null);
    }
  }

  /** Counts its nesting, where no writer looks. */
  private static final class EagerReader implements Reader {

    private final String name;
    private final ReadSection section = () -> leave();
    private int depth;

    EagerReader(String name) {
      this.name = name;
    }

    private void leave() {
      depth--;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public ReadSection enter() {
      depth++;
      return section;
    }

    @Override
    public boolean inSection() {
      return depth > 0;
    }

    @Override
    public void quiescent() {}

    @Override
    public void offline() {}

    @Override
    public void online() {}

    @Override
    public boolean leaveAbandoned(Runnable last) {
      return false;
    }

    @Override
    public void close() {}
  }
}
