package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A machine that one thread changes and two others use, for long enough to prove something. */
abstract class OnARacingMachine extends OnAMachine {

  private static final Duration LONG_ENOUGH = Duration.ofMillis(400);
  private static final Duration TOO_LONG = Duration.ofSeconds(60);

  /** Something done over and over by one thread. */
  interface Round {
    void run(MapReader reader, int number) throws Exception;
  }

  /**
   * Repeats the writer's round against two threads that repeat the reader's, for a while and until all have done enough
   * to prove something; any failure of either is thrown.
   */
  void race(Round writing, Round reading) {
    Race race = new Race();
    List<Thread> threads = List.of(
        race.start("writer", writing, race.writes),
        race.start("reader 1", reading, race.reads),
        race.start("reader 2", reading, race.reads));
    threads.forEach(OnARacingMachine::join);
    if (race.failure.get() != null) {
      throw new AssertionError(race.failure.get());
    }
    assertTrue(race.hasProved(), () -> race.writes + " writes and " + race.reads + " reads prove nothing");
  }

  private final class Race {

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private final long start = System.nanoTime();

    boolean hasProved() {
      return writes.get() >= 50 && reads.get() >= 50;
    }

    private boolean goesOn() {
      Duration spent = Duration.ofNanos(System.nanoTime() - start);
      return failure.get() == null
          && (spent.compareTo(LONG_ENOUGH) < 0 || !hasProved() && spent.compareTo(TOO_LONG) < 0);
    }

    Thread start(String name, Round round, AtomicLong rounds) {
      return Thread.ofPlatform().name(name).start(() -> {
        try (MapReader own = memory.newReader(name)) {
          for (int i = 0; goesOn(); i++) {
            round.run(own, i);
            rounds.incrementAndGet();
          }
        } catch (Throwable e) {
          failure.compareAndSet(null, e);
        }
      });
    }
  }

  static void join(Thread thread) {
    try {
      assertTrue(thread.join(Duration.ofSeconds(120)), "stuck: " + thread);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static String name(MapReader reader, AddressSpace space, long address) {
    return reader.translate(space, address, 1, Access.READ).section().region().name();
  }
}
