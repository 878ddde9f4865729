package io.flatview.rcu;

/**
 * A scope in which its thread must not wait for grace periods: see {@link ReclaimPolicy#forbidWaiting}. It is closed by
 * the thread that opened it.
 */
public interface NoWaitScope extends AutoCloseable {

  /** Ends the scope. Allocates nothing; closing twice does nothing. */
  @Override
  void close();
}
