package io.flatview.rcu;

/**
 * A stretch of one thread's program in which it must not wait for grace periods: see {@link
 * ReclaimPolicy#forbidWaiting}. Use it with try-with-resources only.
 */
public interface NoWaitScope extends AutoCloseable {

  /** Ends the stretch; the thread may do what it was allowed to do before. Allocates nothing. */
  @Override
  void close();
}
