package io.flatview.rcu.contract;

import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Two threads use one reader at the same time, against its contract: each enters again and again, and is let in or
 * refused. Both stay in for a moment, and look whether the other is in, too.
 */
final class SharedReaderDuel {

  private static final VarHandle PRESENT = present();
  private static final int LOOKS = 8;

  private final Reader reader;
  private final int rounds;

  /** The number of the thread that entered last. */
  private long present;

  /** Sections in which both threads were at once; of the thread that saw it. */
  private final long[] shared = new long[2];

  /** For reading by the threads that duel. */
  private SharedReaderDuel(Reader reader, int rounds) {
    this.reader = reader;
    this.rounds = rounds;
  }

  private static VarHandle present() {
    try {
      return MethodHandles.lookup().findVarHandle(SharedReaderDuel.class, "present", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How often two threads were inside at once, with a new reader for each of some bouts. */
  static long fight(ReclaimPolicy policy, int bouts, int rounds) throws InterruptedException {
    long shared = 0;
    for (int i = 0; i < bouts; i++) {
      try (Reader reader = policy.register("shared")) {
        shared += new SharedReaderDuel(reader, rounds).fight();
      }
    }
    return shared;
  }

  private long fight() throws InterruptedException {
    Thread other = Thread.ofPlatform().start(() -> use(1));
    use(0);
    other.join();
    return shared[0] + shared[1];
  }

  private void use(int who) {
    for (int i = 0; i < rounds; i++) {
      try (ReadSection _ = reader.enter(); ReadSection _ = reader.enter()) {
        PRESENT.setOpaque(this, who + 1L);
        shared[who] += isAlone(who + 1) ? 0 : 1;
      } catch (IllegalStateException e) {
        Thread.onSpinWait(); // the other is inside
      }
    }
  }

  private boolean isAlone(long who) {
    for (int i = 0; i < LOOKS; i++) {
      if ((long) PRESENT.getOpaque(this) != who) {
        return false;
      }
    }
    return true;
  }
}
