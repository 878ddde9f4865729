package io.flatview.examples.cli.demo.read;

import io.flatview.examples.cli.demo.oracle.Finding;
import io.flatview.examples.cli.demo.oracle.FindingKind;
import io.flatview.examples.cli.demo.oracle.Findings;
import io.flatview.examples.cli.demo.oracle.Judge;
import io.flatview.examples.cli.demo.oracle.Ledger;
import io.flatview.examples.cli.demo.oracle.Sighting;
import io.flatview.examples.cli.demo.oracle.Stamp;
import io.flatview.examples.cli.demo.place.Points;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReadSection;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * One reader: enters a section, translates, loads, stores, loads again what it loaded before, and leaves. Allocates
 * nothing while all is well.
 */
public final class ReaderLoop implements Runnable {

  /** How many readers there can be: each has a word of its own in every cell. */
  public static final int MAX_READERS = 100;

  private static final int TRANSLATIONS = 32;
  private static final int LOADS = 32;
  private static final int STORES = 4;
  private static final int HOT = 32;
  private static final int SHOW_EVERY = 64;
  private static final int LINGER_EVERY = 256;
  private static final long LINGER_NANOS = 300_000;
  private static final long OWN_WORDS = 64;
  private static final int MAX_FAILURES = 1000;

  private final MemorySystem memory;
  private final World world;
  private final BooleanSupplier running;
  private final String name;
  private final long ownWord;
  private final Sighting seen;
  private final SplittableRandom random;
  private final Tally tally = new Tally();
  private int failures;

  /**
   * A reader.
   *
   * @param memory the memory system that it reads
   * @param world the points to look at, and the judge
   * @param number its own, from 0, below {@link #MAX_READERS}
   * @param running asked before every section
   */
  public ReaderLoop(MemorySystem memory, World world, int number, BooleanSupplier running) {
    this.memory = memory;
    this.world = world;
    this.running = running;
    name = "reader-" + number;
    ownWord = OWN_WORDS + (long) number * Long.BYTES;
    seen = new Sighting(name, LOADS);
    random = new SplittableRandom(number);
  }

  /**
   * The state that all readers share.
   *
   * @param ledger the commits
   * @param judge judges the loads
   * @param findings where wrong reads go
   * @param base the part of the map that never changes
   * @param points the points that change
   */
  public record World(Ledger ledger, Judge judge, Findings findings, BaseMap base, Points points) {}

  /**
   * The counts of this reader.
   *
   * @return its own tally
   */
  public Tally tally() {
    return tally;
  }

  /** Reads until its time is over. */
  @Override
  public void run() {
    try (MapReader reader = memory.newReader(name)) {
      while (running.getAsBoolean() && failures < MAX_FAILURES) {
        round(reader);
      }
    } finally {
      tally.show();
    }
  }

  private void round(MapReader reader) {
    seen.start(world.ledger.settled());
    try (ReadSection _ = reader.enter()) {
      look(reader);
    } catch (RuntimeException | InternalError e) {
      failures++;
      world.judge.failed(seen, e);
    }
    reader.quiescent();
    count();
  }

  private void look(MapReader reader) {
    seen.entered(reader.generation(), world.ledger.announced());
    translate(reader);
    load(reader);
    world.judge.first(seen);
    store(reader);
    linger();
    loadAgain(reader);
    world.judge.last(seen);
  }

  private void translate(MapReader reader) {
    for (int i = 0; i < TRANSLATIONS; i++) {
      int index = random.nextInt((i & 3) == 0 ? world.base.size() : Math.min(HOT, world.base.size()));
      if (!world.base.holds(reader, index)) {
        report(FindingKind.MISPLACED, world.base.describe(index));
      }
    }
    tally.translations(TRANSLATIONS);
  }

  private void load(MapReader reader) {
    for (int i = 0; i < LOADS; i++) {
      int point = random.nextInt(world.points.count());
      seen.note(point, world.points.load(reader, point));
    }
    tally.accesses(LOADS);
  }

  private void loadAgain(MapReader reader) {
    for (int i = 0; i < LOADS; i++) {
      world.judge.again(seen, i, world.points.load(reader, seen.point(i)));
    }
    tally.accesses(LOADS);
  }

  private void store(MapReader reader) {
    for (int i = 0; i < STORES; i++) {
      if (Stamp.isMemory(seen.word(i))) {
        storeToMemory(reader, seen.point(i));
      } else if (Stamp.isDevice(seen.word(i))) {
        world.points.storeBeside(reader, seen.point(i), Long.BYTES, seen.word(i));
      }
    }
    tally.accesses(STORES);
  }

  private void storeToMemory(MapReader reader, int point) {
    long word = random.nextLong();
    boolean stored = world.points.storeBeside(reader, point, ownWord, word).isOk();
    if (!stored || world.points.loadBeside(reader, point, ownWord) != word) {
      report(FindingKind.CHANGED, world.points.describe(point) + ": a word just stored there is gone");
    }
  }

  /** Holds the section open, now and then, until the writer has gone on. */
  private void linger() {
    if (tally.ownSections() % LINGER_EVERY == 0) {
      long start = System.nanoTime();
      long enough = seen.announced() + 2;
      while (world.ledger.announced() < enough && System.nanoTime() - start < LINGER_NANOS) {
        Thread.yield();
      }
    }
  }

  private void report(FindingKind kind, String what) {
    world.findings.add(kind, () -> new Finding(kind, seen.toString(), what));
  }

  private void count() {
    tally.section();
    if (tally.ownSections() % SHOW_EVERY == 0) {
      tally.show();
    }
  }
}
