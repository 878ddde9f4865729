package io.flatview.rcu.contract;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A thread that does what a test says, step by step, so that the test writes down the interleaving. */
public final class Puppet implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ExecutorService executor;
  private volatile Thread thread;

  private Puppet(Thread.Builder builder) {
    executor = Executors.newSingleThreadExecutor(step -> thread = builder.unstarted(step));
  }

  /**
   * A puppet on a platform thread.
   *
   * @return a new one, to be closed
   */
  public static Puppet platform() {
    return new Puppet(Thread.ofPlatform().daemon().name("puppet"));
  }

  /**
   * A puppet on a virtual thread.
   *
   * @return a new one, to be closed
   */
  public static Puppet virtual() {
    return new Puppet(Thread.ofVirtual().name("puppet"));
  }

  /**
   * Has a step done and waits for it.
   *
   * @param <T> the type of the result
   * @param step what to do
   * @return its result
   */
  public <T> T ask(Callable<T> step) {
    return result(executor.submit(step));
  }

  /**
   * Has a step done and waits for it.
   *
   * @param step what to do
   */
  public void tell(Runnable step) {
    result(executor.submit(step));
  }

  /**
   * Has a step begun.
   *
   * @param step what to do, maybe for long
   * @return done when it is
   */
  public Future<?> begin(Runnable step) {
    return executor.submit(step);
  }

  /**
   * Has a step with a result begun.
   *
   * @param <T> the type of the result
   * @param step what to do, maybe for long
   * @return done when it is
   */
  public <T> Future<T> start(Callable<T> step) {
    return executor.submit(step);
  }

  /**
   * The thread.
   *
   * @return the one that does all the steps
   */
  public Thread thread() {
    return ask(Thread::currentThread);
  }

  /**
   * The present stack of the thread, which may be in a step.
   *
   * @return its calls, the innermost first; none before its first step
   */
  public StackTraceElement[] stack() {
    Thread present = thread;
    return present == null ? new StackTraceElement[0] : present.getStackTrace();
  }

  /**
   * Whether the thread sleeps in a method, and not for a lock: so all that the method does before it waits is done. One
   * look at the stack tells. A state that is asked for beside it may be that of an earlier sleep.
   *
   * @param method the name of the method, as a caller writes it
   * @return also if the thread sleeps in another method that the method calls
   */
  public boolean waitsIn(String method) {
    List<String> calls = Stream.of(stack()).map(StackTraceElement::getMethodName).toList();
    return !calls.isEmpty() && calls.getFirst().startsWith("park") && calls.contains(method) && !calls.contains("lock");
  }

  /**
   * Ends the thread after the steps that it was given.
   *
   * @throws AssertionError if they do not end in time; the thread is interrupted then, and left behind
   */
  @Override
  public void close() {
    executor.shutdown();
    if (!endsInTime()) {
      executor.shutdownNow();
      throw new AssertionError("a step does not end");
    }
  }

  private boolean endsInTime() {
    try {
      return executor.awaitTermination(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Waits for a step.
   *
   * @param <T> the type of its result
   * @param step as begun
   * @return its result; what it threw, if unchecked, is thrown here
   * @throws AssertionError if it does not end in time
   */
  public static <T> T result(Future<T> step) {
    try {
      return step.get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("a step does not end", e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      throw unchecked(e.getCause());
    }
  }

  private static RuntimeException unchecked(Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(cause);
    };
  }
}
