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
}
