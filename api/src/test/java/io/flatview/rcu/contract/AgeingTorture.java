package io.flatview.rcu.contract;

import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Readers against updaters on recycled elements, after the kernel's rcutorture: an unlinked element grows older with
 * each grace period, up to 10, and is recycled. A reader that finds age 2 or more inside a section was not protected.
 *
 * <p>One updater retires, and its actions retire again, age by age. Another waits, in every way a policy offers,
 * poisons at once and recycles at once. A third is an action itself: it unlinks, and the next grace period begins in
 * the same thread within a fraction of a microsecond. Each reader stores to random places in a private array before it
 * enters: a processor that stores in order then keeps the reader's own mark in its store buffer for long. Those two
 * together are what a policy without its fence does not survive; take away either, and such a policy passes.
 */
public final class AgeingTorture {

  private static final int LARGER_THAN_CACHES = 1 << 22;
  private static final int SMALL = 1 << 16;

  private final TortureScene scene;
  private final TortureUpdaters updaters;
  private final Thread.Builder readerThreads;
  private final int readers;
  private final int privateWords;
  private final boolean duel;

  private AgeingTorture(
      ReclaimPolicy policy, Thread.Builder readerThreads, int readers, int privateWords, boolean duel) {
    this.scene = new TortureScene(policy);
    this.updaters = new TortureUpdaters(scene);
    this.readerThreads = readerThreads;
    this.readers = readers;
    this.privateWords = privateWords;
    this.duel = duel;
  }

  /**
   * One reader on a platform thread, with 32 MiB to store to, against the third updater alone: where there are two
   * processors, both run all the time, and memory order is tried hardest.
   *
   * @param policy what to torture
   * @return a torture, to be run once
   */
  public static AgeingTorture duel(ReclaimPolicy policy) {
    return new AgeingTorture(policy, Thread.ofPlatform().daemon(), 1, LARGER_THAN_CACHES, true);
  }

  /**
   * Two readers on platform threads, with 32 MiB each to store to, against all updaters.
   *
   * @param policy what to torture
   * @return a torture, to be run once
   */
  public static AgeingTorture onPlatformThreads(ReclaimPolicy policy) {
    return new AgeingTorture(policy, Thread.ofPlatform().daemon(), 2, LARGER_THAN_CACHES, false);
  }

  /**
   * Sixteen readers on virtual threads, which now and then change carriers inside a section, against all updaters.
   *
   * @param policy what to torture
   * @return a torture, to be run once
   */
  public static AgeingTorture onVirtualThreads(ReclaimPolicy policy) {
    return new AgeingTorture(policy, Thread.ofVirtual(), 16, SMALL, false);
  }

  /**
   * Tortures, and ends early with the first violation.
   *
   * @param limit for how long at most
   * @return what was seen
   */
  public TortureReport run(Duration limit) {
    List<Thread> threads = start();
    long start = System.nanoTime();
    while (System.nanoTime() - start < limit.toNanos() && scene.report().violations() == 0) {
      Await.pause(10);
    }
    scene.stop.set(true);
    threads.forEach(AgeingTorture::join);
    updaters.drain();
    return scene.report();
  }

  private List<Thread> start() {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      threads.add(readerThreads.start(new TortureReader(scene, i, privateWords)));
    }
    updaters.startUpdatingInActions();
    if (!duel) {
      threads.add(Thread.ofPlatform().daemon().start(updaters::updateByRetiring));
      threads.add(Thread.ofPlatform().daemon().start(updaters::updateByWaiting));
    }
    return threads;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
