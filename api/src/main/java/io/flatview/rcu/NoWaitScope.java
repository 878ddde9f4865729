package io.flatview.rcu;

/**
 * A scope in which its thread must not wait for grace periods: see {@link ReclaimPolicy#forbidWaiting}. Use it with
 * try-with-resources only.
 */
public interface NoWaitScope extends AutoCloseable {

  /** Ends the scope. Allocates nothing. */
  @Override
  void close();
}
