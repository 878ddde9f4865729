package io.flatview.rcu.contract;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.util.SplittableRandom;

/** One reader of an {@link AgeingTorture}; runs in its own thread until the scene stops. */
final class TortureReader implements Runnable {

  private static final int DIRTY_STORES = 64;
  private static final int LOOKS = 200;

  private final TortureScene scene;
  private final boolean explicit;
  private final SplittableRandom random;
  private final int privateWords;

  TortureReader(TortureScene scene, int seed, int privateWords) {
    this.scene = scene;
    this.explicit = seed % 2 == 0;
    this.random = new SplittableRandom(seed);
    this.privateWords = privateWords;
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
    long[] dirty = new long[privateWords];
    while (!scene.stop.get()) {
      int chance = random.nextInt(1 << 10);
      fillStoreBuffer(dirty);
      try (ReadSection _ = reader.enter()) {
        readInside(reader, chance);
      }
      announce.run();
      scene.sections.increment();
    }
  }

  /** Pure stores: a load would fetch the line first, and the store would not have to wait for it. */
  private void fillStoreBuffer(long[] dirty) {
    for (int i = 0; i < DIRTY_STORES; i++) {
      dirty[random.nextInt(dirty.length)] = i;
    }
  }

  private void readInside(Reader reader, int chance) {
    AgeingElement chained = scene.chained.dereference();
    AgeingElement awaited = scene.awaited.dereference();
    AgeingElement retired = scene.retired.dereference();
    if (chance % 16 == 0) {
      nest(reader);
    }
    if (chance % 64 == 0) {
      Thread.yield();
    }
    check(chained);
    check(awaited);
    check(retired);
  }

  private static void nest(Reader reader) {
    try (ReadSection _ = reader.enter()) {
      Thread.onSpinWait();
    }
  }

  private void check(AgeingElement element) {
    if (!element.isIntact(LOOKS)) {
      scene.poisoned.increment();
    }
    (element.age() < AgeingElement.FREED ? scene.young : scene.old).increment();
  }
}
