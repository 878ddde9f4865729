package io.flatview.examples.vhost.queue;

import io.flatview.examples.vhost.host.Event;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Threads that serve requests of one queue beside its own thread, which takes and returns them all: so that several are
 * with the file at once. A helper is made when the first request needs it, and ends after some idle seconds.
 *
 * <p>Used by the thread of the queue, but for {@link #awaitServed}.
 */
final class Helpers implements AutoCloseable {

  private static final int IDLE_SECONDS = 5;

  private final Surroundings surroundings;
  private final Setup setup;
  private final BooleanSupplier ending;
  private final Pace pace;
  private final Event wake;
  private final ThreadPoolExecutor pool;
  private final ThreadLocal<Lane> lane = new ThreadLocal<>();
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final Queue<Task> done = new ConcurrentLinkedQueue<>();
  private volatile boolean awaited;

  /**
   * No helper yet.
   *
   * @param most how many there may be, at least 1
   * @param wake signalled when a request is done and {@linkplain #setAwaited awaited}
   */
  Helpers(Surroundings surroundings, Setup setup, int most, BooleanSupplier ending, Pace pace, Event wake) {
    this.surroundings = surroundings;
    this.setup = setup;
    this.ending = ending;
    this.pace = pace;
    this.wake = wake;
    pool = new ThreadPoolExecutor(most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
        work -> Thread.ofPlatform().name(setup.name() + "-helper").daemon().unstarted(() -> run(work)));
    pool.allowCoreThreadTimeOut(true);
  }

  /** The life of a helper. Its lane is made by its first request, which fails if that fails. */
  private void run(Runnable work) {
    try {
      work.run();
    } finally {
      Lane own = lane.get();
      if (own != null) {
        own.reader().online();
        lanes.remove(own);
        own.close();
      }
    }
  }

  private Lane lane() {
    Lane own = lane.get();
    if (own == null) {
      own = new Lane(setup.name() + "-helper", surroundings, setup, ending);
      lane.set(own);
      lanes.add(own);
      own.reader().offline();
    }
    return own;
  }

  /** Hands a request over; it comes back by {@link #poll}. */
  void serve(Task task, int kind) {
    pool.execute(() -> {
      try {
        serve(lane(), task, kind);
      } catch (Throwable e) {
        task.fail(e);
      } finally {
        giveBack(task);
      }
    });
  }

  private void serve(Lane own, Task task, int kind) throws NotGranted {
    own.reader().online();
    try {
      long begin = System.nanoTime();
      own.serve(task.request());
      pace.took(kind, System.nanoTime() - begin);
    } finally {
      own.reader().offline();
    }
  }

  /** Both the entry and the look at the wish are volatile: the queue's thread sees the entry, or this one the wish. */
  private void giveBack(Task task) {
    done.add(task);
    if (awaited) {
      wake.signal();
    }
  }

  /** A request that a helper is through with; null if there is none. */
  Task poll() {
    return done.poll();
  }

  /**
   * Says whether the queue's thread is about to sleep until a request is done.
   *
   * @return false if one is done already
   */
  boolean setAwaited(boolean now) {
    awaited = now;
    return done.isEmpty();
  }

  /** Waits until no request is served that began before the call. Called by any thread. */
  void awaitServed() {
    lanes.forEach(each -> each.awaitServed(() -> lanes.contains(each)));
  }

  /** Ends the helpers, with the requests that they have begun. None is interrupted: that would close the file. */
  @Override
  public void close() {
    pool.getQueue().clear();
    pool.shutdown();
    boolean interrupted = false;
    while (!pool.isTerminated()) {
      try {
        pool.awaitTermination(IDLE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
