package io.flatview.rcu.contract;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** One reader of an {@link AgeingTorture}; runs in its own thread until the scene stops. */
final class TortureReader implements Runnable {

  private static final int DIRTY_STORES = 64;

  private final TortureScene scene;
  private final TortureOptions options;
  private final boolean explicit;
  private final SplittableRandom random;
  private AgeingElement chained;
  private AgeingElement awaited;
  private AgeingElement retired;

  TortureReader(TortureScene scene, TortureOptions options, int seed) {
    this.scene = scene;
    this.options = options;
    this.explicit = seed % 2 == 0;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void run() {
    if (explicit) {
      readExplicitly();
    } else {
      read(scene.policy.currentReader(), () -> {});
    }
  }

  private void readExplicitly() {
    try (Reader reader = scene.policy.register("torture")) {
      read(reader, reader::quiescent);
    }
  }

  private void read(Reader reader, Runnable announce) {
    long[] dirty = new long[options.privateWords()];
    while (!scene.stop.get()) {
      int chance = random.nextInt(1 << 13);
      fillStoreBuffer(dirty);
      if (options.isLeaking()) {
        takeAndLeave(reader, announce);
      }
      try (ReadSection _ = reader.enter()) {
        if (!options.isLeaking()) {
          take();
        }
        linger(reader, chance);
        look();
      }
      announce.run();
      rest(reader, chance);
      scene.sections.increment();
    }
  }

  /** Pure stores: a load would fetch the line first, and the store would not have to wait for it. */
  private void fillStoreBuffer(long[] dirty) {
    for (int i = 0; i < DIRTY_STORES; i++) {
      dirty[random.nextInt(dirty.length)] = i;
    }
  }

  /** The planted mistake: what is taken here is looked at in the next section. */
  private void takeAndLeave(Reader reader, Runnable announce) {
    try (ReadSection _ = reader.enter()) {
      take();
    }
    announce.run();
    LockSupport.parkNanos(random.nextInt(1_000_000)); // out of step with the others that a grace period waits for
  }

  /**
   * Not checked for a section, so that a planted mistake is found by what it leads to. The pointer of the duel comes
   * first: in checked mode, what follows waits for the store buffer, and with it for the reader's mark.
   */
  private void take() {
    awaited = scene.awaited.dereferenceProtected();
    chained = scene.chained.dereferenceProtected();
    retired = scene.retired.dereferenceProtected();
  }

  private void look() {
    scene.check(chained);
    scene.check(awaited);
    scene.check(retired);
  }

  private void linger(Reader reader, int chance) {
    if (chance % 16 == 0) {
      nest(reader, options.nesting());
    }
    if (chance % 64 == 0) {
      Thread.yield();
    }
    if (chance == 0 && options.stall().isPositive()) {
      Await.pause(options.stall().toMillis());
    }
  }

  private static void nest(Reader reader, int depth) {
    if (depth > 0) {
      try (ReadSection _ = reader.enter()) {
        Thread.onSpinWait();
        nest(reader, depth - 1);
      }
    }
  }

  private void rest(Reader reader, int chance) {
    if (options.hasInterrupts()) {
      Thread.interrupted(); // else it would never sleep inside a section again
    }
    if (chance % 1024 == 1) {
      reader.offline();
      reader.online();
    }
    if (chance % 512 == 2 && !options.isDuel()) {
      LockSupport.parkNanos(1); // virtual threads that only yield starve those that wake up inside a section
    }
  }
}
