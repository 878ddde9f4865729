package io.flatview.rcu;

/**
 * Keeps a policy from being closed while another object needs it: see {@link ReclaimPolicy#hold}. The policy refers to
 * the hold and to the user's name, not to the user, so that a {@link java.lang.ref.Cleaner} can release the hold of a
 * user that was dropped.
 *
 * <p><b>Threading.</b> May be closed by any thread.
 */
public interface PolicyHold extends AutoCloseable {

  /** Releases the policy; does nothing the second time. */
  @Override
  void close();
}
