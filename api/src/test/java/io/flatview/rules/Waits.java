package io.flatview.rules;

import io.flatview.memory.CommitTicket;
import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.ReclaimPolicy;
import java.net.ServerSocket;
import java.nio.channels.Selector;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

/** The methods that wait: for a grace period, or for another thread. */
final class Waits {

  private static final Map<Class<?>, Set<String>> GRACE_PERIODS = Map.of(
      ReclaimPolicy.class, Set.of("synchronize", "synchronizeExpedited", "barrier", "close"),
      GracePeriod.class, Set.of("await"),
      CommitTicket.class, Set.of("awaitQuiesced"));

  private static final Map<Class<?>, Set<String>> BLOCKING = Map.ofEntries(
      Map.entry(Thread.class, Set.of("sleep", "join")),
      Map.entry(Object.class, Set.of("wait")),
      Map.entry(LockSupport.class, Set.of("park", "parkNanos", "parkUntil")),
      Map.entry(Condition.class, Set.of("await", "awaitNanos", "awaitUntil", "awaitUninterruptibly")),
      Map.entry(Future.class, Set.of("get")),
      Map.entry(CompletableFuture.class, Set.of("join")),
      Map.entry(CountDownLatch.class, Set.of("await")),
      Map.entry(CyclicBarrier.class, Set.of("await")),
      Map.entry(Phaser.class, Set.of("arriveAndAwaitAdvance", "awaitAdvance", "awaitAdvanceInterruptibly")),
      Map.entry(Semaphore.class, Set.of("acquire", "acquireUninterruptibly")),
      Map.entry(Exchanger.class, Set.of("exchange")),
      Map.entry(ExecutorService.class, Set.of("awaitTermination", "invokeAll", "invokeAny", "close")),
      Map.entry(Process.class, Set.of("waitFor")),
      Map.entry(ServerSocket.class, Set.of("accept")),
      Map.entry(Selector.class, Set.of("select")));

  private static final Set<String> QUEUE_WAITS = Set.of("put", "take", "offer", "poll");

  private Waits() {}

  /** What a call waits for, or empty if it does not wait. */
  static Optional<String> of(CallGraph.Method called) {
    if (isAmong(GRACE_PERIODS, called)) {
      return Optional.of("waits for a grace period");
    }
    return isAmong(BLOCKING, called) || isQueueWait(called) ? Optional.of("blocks") : Optional.empty();
  }

  private static boolean isAmong(Map<Class<?>, Set<String>> table, CallGraph.Method called) {
    return table.entrySet().stream()
        .anyMatch(entry -> entry.getValue().contains(called.name()) && Bytecode.isA(called.owner(), entry.getKey()));
  }

  /** Offering and polling wait only with a time limit. */
  private static boolean isQueueWait(CallGraph.Method called) {
    boolean limited = called.descriptor().contains("Ljava/util/concurrent/TimeUnit;");
    return QUEUE_WAITS.contains(called.name())
        && (limited || called.name().equals("put") || called.name().equals("take"))
        && Bytecode.isA(called.owner(), BlockingQueue.class);
  }
}
