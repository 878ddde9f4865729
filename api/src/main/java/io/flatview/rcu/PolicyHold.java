package io.flatview.rcu;

/**
 * Says that something still needs a policy: see {@link ReclaimPolicy#hold}. The policy refers to the hold and to the
 * user's name, not to the user, so that a {@link java.lang.ref.Cleaner} can release what an unreachable user forgot.
 *
 * <p><b>Threading.</b> May be closed by any thread.
 */
public interface PolicyHold extends AutoCloseable {

  /** Releases the policy; does nothing the second time. */
  @Override
  void close();
}
