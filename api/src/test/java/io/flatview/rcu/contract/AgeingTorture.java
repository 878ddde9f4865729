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
 * poisons at once and recycles at once. A third is an action itself. In a duel there is only one more: it unlinks and
 * waits by the expedited {@code synchronize}, which begins and ends within a fraction of a microsecond. Each reader
 * stores to random places in a private array before it enters: a processor that stores in order then keeps the reader's
 * own mark in its store buffer for long. Those two together are what a policy without its fence does not survive; take
 * away either, and such a policy passes.
 */
public final class AgeingTorture {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final TortureScene scene;
  private final TortureOptions options;
  private final TortureUpdaters updaters;

  private AgeingTorture(ReclaimPolicy policy, TortureOptions options) {
    this.scene = new TortureScene(policy);
    this.options = options;
    this.updaters = new TortureUpdaters(scene);
  }

  /**
   * A torture to taste.
   *
   * @param policy what to torture
   * @param options how; not to be changed afterwards
   * @return a torture, to be run once
   */
  public static AgeingTorture of(ReclaimPolicy policy, TortureOptions options) {
    return new AgeingTorture(policy, options);
  }

  /**
   * The torture of {@link TortureOptions#duel()}.
   *
   * @param policy what to torture
   * @return a torture, to be run once
   */
  public static AgeingTorture duel(ReclaimPolicy policy) {
    return of(policy, TortureOptions.duel());
  }

  /**
   * The torture of {@link TortureOptions#platformThreads()}.
   *
   * @param policy what to torture
   * @return a torture, to be run once
   */
  public static AgeingTorture onPlatformThreads(ReclaimPolicy policy) {
    return of(policy, TortureOptions.platformThreads());
  }

  /**
   * The torture of {@link TortureOptions#virtualThreads()}.
   *
   * @param policy what to torture
   * @return a torture, to be run once
   */
  public static AgeingTorture onVirtualThreads(ReclaimPolicy policy) {
    return of(policy, TortureOptions.virtualThreads());
  }

  /**
   * Tortures, and ends early with the first violation.
   *
   * @param limit for how long; up to a minute longer on a machine so slow that nothing was checked in that time
   * @return what was seen
   */
  public TortureReport run(Duration limit) {
    long start = System.nanoTime();
    List<Thread> threads = start();
    while (goesOn(System.nanoTime() - start, limit)) {
      Await.pause(10);
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    scene.stop.set(true);
    threads.forEach(AgeingTorture::join);
    updaters.drain();
    return scene.report(elapsed);
  }

  private boolean goesOn(long elapsed, Duration limit) {
    return scene.violations() == 0
        && (elapsed < limit.toNanos() || !hasChecked() && elapsed < limit.plus(PATIENCE).toNanos());
  }

  private boolean hasChecked() {
    TortureReport report = scene.report(Duration.ZERO);
    return report.hasChecked() && (!options.hasDeaths() || report.deaths() > 0);
  }

  private List<Thread> start() {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < options.readers(); i++) {
      threads.add(options.readerThreads().start(new TortureReader(scene, options, i)));
    }
    if (options.isDuel()) {
      threads.add(startDaemon(updaters::updateInHaste));
    } else {
      updaters.startUpdatingInActions();
      threads.add(startDaemon(updaters::updateByRetiring));
      threads.add(startDaemon(updaters::updateByWaiting));
    }
    threads.addAll(startDisturbers(List.copyOf(threads)));
    return threads;
  }

  private List<Thread> startDisturbers(List<Thread> victims) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < options.fakeUpdaters(); i++) {
      threads.add(startDaemon(updaters::updateNothing));
    }
    if (options.hasDeaths()) {
      threads.add(startDaemon(() -> TortureDisturber.letThreadsDie(scene)));
    }
    if (options.hasInterrupts()) {
      threads.add(startDaemon(() -> TortureDisturber.interrupt(scene, victims)));
    }
    return threads;
  }

  private static Thread startDaemon(Runnable task) {
    return Thread.ofPlatform().daemon().start(task);
  }

  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
