package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Transaction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** A machine that two threads use, each of which wants what the other has: a turn, a device, the map's lock. */
abstract class OnTwoThreads extends OnAMachine {

  final CountDownLatch inTurn = new CountDownLatch(1);
  final CountDownLatch held = new CountDownLatch(1);

  /** Two threads that want what the other has are both at work; then {@code most} is enough for any of them. */
  static void settleDown(ThrowingSupplier<?> first, ThrowingSupplier<?> second) throws Exception {
    CompletableFuture<Object> one = run(first);
    CompletableFuture<Object> other = run(second);
    try {
      CompletableFuture.allOf(one, other).get(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("each waits for the other", e);
    }
  }

  static CompletableFuture<Object> run(ThrowingSupplier<?> work) {
    return run(Thread.ofPlatform().daemon(), work);
  }

  static CompletableFuture<Object> run(Thread.Builder threads, ThrowingSupplier<?> work) {
    CompletableFuture<Object> done = new CompletableFuture<>();
    threads.start(() -> {
      try {
        done.complete(work.get());
      } catch (Throwable thrown) {
        done.completeExceptionally(thrown);
      }
    });
    return done;
  }

  void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static Object nothing() {
    return null;
  }

  /** So long that the other thread waits for the turn. */
  static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** With a transaction open, in every way that wants the turn. */
  Object inTransaction(Runnable wanting) {
    await(inTurn);
    try (Transaction transaction = memory.begin()) {
      held.countDown();
      wanting.run();
      transaction.commit();
    }
    return nothing();
  }
}
