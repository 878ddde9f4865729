package io.flatview.rcu.contract;

import io.flatview.rcu.Reader;
import java.util.List;
import java.util.SplittableRandom;

/** What disturbs an {@link AgeingTorture} from outside: threads that die and threads that are interrupted. */
final class TortureDisturber {

  private static final int BETWEEN_DEATHS_MILLIS = 20;
  private static final int BETWEEN_INTERRUPTS_MILLIS = 2;

  private TortureDisturber() {}

  /** Starts threads of either kind, with either reader, that enter a section, look, and end inside it. */
  static void letThreadsDie(TortureScene scene) {
    for (int i = 0; !scene.stop.get(); i++) {
      boolean explicit = i % 2 == 0;
      Thread.Builder builder = i % 4 < 2 ? Thread.ofPlatform() : Thread.ofVirtual();
      AgeingTorture.join(builder.start(() -> dieInside(scene, explicit)));
      Await.pause(BETWEEN_DEATHS_MILLIS);
    }
  }

  private static void dieInside(TortureScene scene, boolean explicit) {
    Reader reader = explicit ? scene.policy.register("dying") : scene.policy.currentReader();
    reader.enter();
    scene.check(scene.retired.dereferenceProtected());
    scene.deaths.increment();
  }

  static void interrupt(TortureScene scene, List<Thread> victims) {
    SplittableRandom random = new SplittableRandom();
    while (!scene.stop.get()) {
      victims.get(random.nextInt(victims.size())).interrupt();
      Await.pause(BETWEEN_INTERRUPTS_MILLIS);
    }
  }
}
