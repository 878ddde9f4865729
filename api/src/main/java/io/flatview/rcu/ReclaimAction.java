package io.flatview.rcu;

/** What to do with something retired, once no reader can see it. */
@FunctionalInterface
public interface ReclaimAction {

  /**
   * Frees it. Runs once, in the reclaiming thread, outside any section. An exception is reported and counted; the other
   * actions run all the same.
   *
   * @throws Exception whatever goes wrong
   */
  void reclaim() throws Exception;
}
