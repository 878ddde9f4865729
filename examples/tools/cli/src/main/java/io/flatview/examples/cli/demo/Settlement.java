package io.flatview.examples.cli.demo;

import io.flatview.memory.MemoryStatistics;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The accounts after the last reader has left and everything was unplugged.
 *
 * @param actions the policy's counts
 * @param generations the memory system's counts
 */
record Settlement(ReclaimStatistics actions, MemoryStatistics generations) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Waits until everything retired is reclaimed, or for half a minute. */
  static Settlement await(MemorySystem memory, ReclaimPolicy policy) throws InterruptedException {
    Thread.ofPlatform().daemon().name("barrier").start(policy::barrier).join(PATIENCE);
    long start = System.nanoTime();
    Settlement now = read(memory, policy);
    while (!now.isEven() && System.nanoTime() - start < PATIENCE.toNanos()) {
      Thread.sleep(1);
      now = read(memory, policy);
    }
    return now;
  }

  private static Settlement read(MemorySystem memory, ReclaimPolicy policy) {
    return new Settlement(policy.statistics(), memory.statistics());
  }

  private boolean isEven() {
    return actions.backlog() == 0 && unreclaimed() == 0;
  }

  private long unreclaimed() {
    return generations.generation() - generations.reclaimedGenerations();
  }

  List<String> losses(long ramBefore) {
    List<String> losses = new ArrayList<>();
    lost(losses, actions.backlog(), "retired actions were never run");
    lost(losses, actions.failed(), "retired actions failed");
    lost(losses, unreclaimed(), "replaced maps were never reclaimed");
    lost(losses, generations.ramBytes() - ramBefore, "bytes of guest memory more than before are still reserved");
    return losses;
  }

  private static void lost(List<String> losses, long count, String what) {
    if (count != 0) {
      losses.add(Figures.count(count) + " " + what);
    }
  }
}
