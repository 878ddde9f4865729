package io.flatview.rcu;

/** Frees a retired object, once no reader can see it. */
@FunctionalInterface
public interface ReclaimAction {

  /**
   * Frees the object. Runs once, in the reclaiming thread, outside any section. An exception is reported and counted;
   * the other actions run all the same.
   *
   * @throws Exception if that fails
   */
  void reclaim() throws Exception;

  /**
   * Called in place of {@link #reclaim()} if the policy gives this action up: it was closed, or its flavour failed,
   * before the grace period had ended. A reader may still use the object, which must not be freed. This is for code
   * that waits for the object to be freed: a stage fails here, or a program notes what it loses. By default nothing is
   * done. Called once, in the thread that closes the policy, in one that waits as the flavour fails, or in one of the
   * policy's own; an exception is reported.
   *
   * @param cause says why
   */
  default void abandon(Throwable cause) {}
}
