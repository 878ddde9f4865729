package io.flatview.rcu.contract;

import io.flatview.rcu.ReclaimAction;
import java.util.concurrent.atomic.AtomicInteger;

/** An action that remembers how often it ran, and where. */
public final class Trace implements ReclaimAction {

  private final AtomicInteger runs = new AtomicInteger();
  private volatile Thread thread;

  /** One that has not run. */
  public Trace() {}

  @Override
  public void reclaim() {
    thread = Thread.currentThread();
    runs.incrementAndGet();
  }

  /**
   * Whether it ran.
   *
   * @return true once it did
   */
  public boolean hasRun() {
    return runs() > 0;
  }

  /**
   * How often it ran.
   *
   * @return the count
   */
  public int runs() {
    return runs.get();
  }

  /**
   * Where it ran last.
   *
   * @return the thread, or null
   */
  public Thread thread() {
    return thread;
  }
}
