package io.flatview.rcu.contract;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import java.util.List;
import java.util.SplittableRandom;

/** What disturbs an {@link AgeingTorture} from outside: threads that die and threads that are interrupted. */
final class TortureDisturber {

  private static final int BETWEEN_DEATHS_MILLIS = 20;
  private static final int BETWEEN_INTERRUPTS_MILLIS = 2;

  private TortureDisturber() {}

  /**
   * Starts threads of either kind, with either reader, that enter a section, look, and end: inside it, so that another
   * thread looks again and leaves, or outside with the reader unclosed, so that another takes it over.
   */
  static void letThreadsDie(TortureScene scene) {
    for (int i = 0; !scene.stop.get(); i++) {
      boolean explicit = i % 2 == 0;
      Thread.Builder builder = i % 4 < 2 ? Thread.ofPlatform() : Thread.ofVirtual();
      AgeingTorture.join(builder.start(() -> die(scene, explicit)));
      Await.pause(BETWEEN_DEATHS_MILLIS);
    }
  }

  private static void die(TortureScene scene, boolean explicit) {
    Reader reader = explicit ? scene.policy.register("dying") : scene.policy.currentReader();
    ReadSection section = reader.enter();
    AgeingElement held = scene.retired.dereferenceProtected();
    scene.check(held);
    scene.deaths.increment();
    Thread dying = Thread.currentThread();
    Thread.startVirtualThread(() -> inherit(scene, dying, explicit ? reader : null, section, held));
  }

  /** What the dead thread held must be as good as before, and its reader as well. */
  private static void inherit(
      TortureScene scene, Thread dead, Reader reader, ReadSection section, AgeingElement held) {
    AgeingTorture.join(dead);
    Await.pause(BETWEEN_DEATHS_MILLIS);
    scene.check(held);
    section.close();
    if (reader != null) {
      readOn(scene, reader);
    }
  }

  private static void readOn(TortureScene scene, Reader reader) {
    Await.pause(BETWEEN_DEATHS_MILLIS);
    try (ReadSection _ = reader.enter()) {
      AgeingElement next = scene.retired.dereferenceProtected();
      Thread.yield();
      scene.check(next);
    }
    reader.close();
  }

  static void interrupt(TortureScene scene, List<Thread> victims) {
    SplittableRandom random = new SplittableRandom();
    while (!scene.stop.get()) {
      victims.get(random.nextInt(victims.size())).interrupt();
      Await.pause(BETWEEN_INTERRUPTS_MILLIS);
    }
  }
}
