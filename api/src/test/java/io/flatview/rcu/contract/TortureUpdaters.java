package io.flatview.rcu.contract;

import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** The updaters of an {@link AgeingTorture}; each owns one of the pointers. */
final class TortureUpdaters {

  private static final int POOL = 64;

  private final TortureScene scene;
  private final ReclaimPolicy policy;
  private final Queue<AgeingElement> pool = new ConcurrentLinkedQueue<>();

  /** For the actions only, which run one at a time: a policy that runs them inside retire would never return. */
  private boolean retiring;

  TortureUpdaters(TortureScene scene) {
    this.scene = scene;
    this.policy = scene.policy;
    for (int i = 0; i < POOL; i++) {
      pool.add(new AgeingElement());
    }
  }

  /** Retires what it unlinks, and retires it again at every age until it is recycled. */
  void updateByRetiring() {
    for (long serial = 1; !scene.stop.get(); serial++) {
      AgeingElement next = pool.poll();
      if (next == null) {
        Thread.yield();
      } else {
        retireAgeing(replace(scene.retired, next, serial));
        scene.updates.increment();
      }
    }
  }

  private void retireAgeing(AgeingElement unlinked) {
    policy.retire(() -> {
      if (unlinked.grow() < AgeingElement.RECYCLED) {
        retireAgeing(unlinked);
      } else {
        pool.add(unlinked);
      }
    });
  }

  /** Waits, poisons at once and recycles at once: two elements, no slack. */
  void updateByWaiting() {
    AgeingElement spare = new AgeingElement();
    for (long serial = 1; !scene.stop.get(); serial++) {
      spare = replace(scene.awaited, spare, serial);
      await((int) (serial % 5));
      spare.grow();
      scene.waits.increment();
    }
  }

  /** As little as possible between unlinking and the look at the readers, and between that and poisoning. */
  void updateInHaste() {
    AgeingElement spare = new AgeingElement();
    for (long serial = 1; !scene.stop.get(); serial++) {
      spare = replace(scene.awaited, spare, serial);
      policy.synchronizeExpedited();
      spare.grow();
      scene.waits.increment();
    }
  }

  private void await(int how) {
    switch (how) {
      case 0 -> policy.synchronize();
      case 1 -> policy.synchronizeExpedited();
      case 2 -> awaitByBarrier();
      case 3 -> awaitByPolling();
      default -> awaitWithTimeouts();
    }
  }

  /** Asks for grace periods that no action needs, in every way and at odd times, so that the others share them. */
  void updateNothing() {
    SplittableRandom random = new SplittableRandom();
    while (!scene.stop.get()) {
      await(random.nextInt(5));
      LockSupport.parkNanos(random.nextInt(500_000));
    }
  }

  private void awaitByBarrier() {
    policy.retire(() -> {});
    policy.barrier();
  }

  private void awaitByPolling() {
    GracePeriod token = policy.startGracePeriod();
    while (!token.poll()) {
      Thread.yield();
    }
  }

  /** An interrupt ends such a wait, not the grace period: asks again. */
  private void awaitWithTimeouts() {
    GracePeriod token = policy.startGracePeriod();
    boolean over = token.poll();
    while (!over) {
      try {
        over = token.await(Duration.ofMillis(1));
      } catch (InterruptedException e) {
        over = token.poll();
      }
    }
  }

  /** Starts an action that unlinks, frees after the next grace period, and starts again with what it freed. */
  void startUpdatingInActions() {
    policy.retire(() -> updateInAction(new AgeingElement()));
  }

  private void updateInAction(AgeingElement spare) {
    AgeingElement unlinked = replace(scene.chained, spare, 0);
    scene.updates.increment();
    retiring = true;
    policy.retire(() -> freeAndGoOn(unlinked));
    retiring = false;
  }

  private void freeAndGoOn(AgeingElement unlinked) {
    unlinked.grow();
    if (!retiring && !scene.stop.get()) {
      updateInAction(unlinked);
    }
  }

  /** Lets every element grow to its last age: one barrier for each. */
  void drain() {
    for (int i = 0; i < AgeingElement.RECYCLED; i++) {
      policy.barrier();
    }
  }

  private static AgeingElement replace(RcuReference<AgeingElement> pointer, AgeingElement next, long serial) {
    AgeingElement unlinked = pointer.dereferenceProtected();
    next.fill(serial);
    pointer.assign(next);
    unlinked.grow();
    return unlinked;
  }
}
