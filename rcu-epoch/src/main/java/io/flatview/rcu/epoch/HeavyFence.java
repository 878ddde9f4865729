package io.flatview.rcu.epoch;

/** A full fence in every thread of the process at once, issued by one of them. */
@FunctionalInterface
interface HeavyFence {

  /**
   * Orders, in each thread of this process that runs, all accesses before some point in its program with all that come
   * after it; the point lies between the beginning and the end of this call. A thread that does not run was ordered
   * when it was taken off its processor.
   */
  void issue();
}
