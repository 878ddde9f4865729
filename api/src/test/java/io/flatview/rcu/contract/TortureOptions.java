package io.flatview.rcu.contract;

import java.time.Duration;

/**
 * What an {@link AgeingTorture} does to a policy. Set up by one thread before the torture; each setter returns this
 * object.
 */
public final class TortureOptions {

  private static final int LARGER_THAN_CACHES = 1 << 22;
  private static final int SMALL = 1 << 16;

  private final Thread.Builder readerThreads;
  private final boolean duel;
  private int readers;
  private int privateWords;
  private int fakeUpdaters;
  private int nesting = 1;
  private Duration stall = Duration.ZERO;
  private boolean deaths;
  private boolean interrupts;
  private boolean leaks;

  private TortureOptions(Thread.Builder readerThreads, boolean duel, int readers, int privateWords) {
    this.readerThreads = readerThreads;
    this.duel = duel;
    this.readers = readers;
    this.privateWords = privateWords;
  }

  /**
   * One reader on a platform thread, with 32 MiB to store to, against one updater in haste: where there are two
   * processors, both run all the time, and memory order is tried hardest.
   *
   * @return new options
   */
  public static TortureOptions duel() {
    return new TortureOptions(Thread.ofPlatform().daemon(), true, 1, LARGER_THAN_CACHES);
  }

  /**
   * Two readers on platform threads, with 32 MiB each to store to, against all updaters.
   *
   * @return new options
   */
  public static TortureOptions platformThreads() {
    return new TortureOptions(Thread.ofPlatform().daemon(), false, 2, LARGER_THAN_CACHES);
  }

  /**
   * Sixteen readers on virtual threads, which now and then change carriers inside a section, against all updaters.
   *
   * @return new options
   */
  public static TortureOptions virtualThreads() {
    return new TortureOptions(Thread.ofVirtual(), false, 16, SMALL);
  }

  /**
   * How many readers; every second one is explicit, the others are their thread's implicit one.
   *
   * @param count at least 1
   * @return these options
   */
  public TortureOptions readers(int count) {
    readers = count;
    return this;
  }

  /**
   * How many threads ask for grace periods that no action needs.
   *
   * @param count 0 for none
   * @return these options
   */
  public TortureOptions fakeUpdaters(int count) {
    fakeUpdaters = count;
    return this;
  }

  /**
   * How deep sections nest inside the outermost one, at most.
   *
   * @param depth 0 for none
   * @return these options
   */
  public TortureOptions nesting(int depth) {
    nesting = depth;
    return this;
  }

  /**
   * How long a reader sleeps inside one of some thousand sections.
   *
   * @param duration zero for never
   * @return these options
   */
  public TortureOptions stalls(Duration duration) {
    stall = duration;
    return this;
  }

  /**
   * Has threads die inside their sections all the time.
   *
   * @return these options
   */
  public TortureOptions deaths() {
    deaths = true;
    return this;
  }

  /**
   * Has readers and the waiting updater interrupted all the time.
   *
   * @return these options
   */
  public TortureOptions interrupts() {
    interrupts = true;
    return this;
  }

  /**
   * How many words each reader stores to before a section, to keep its store buffer full.
   *
   * @param words at least 1; as many as caches hold, or fewer, take the torture's teeth
   * @return these options
   */
  public TortureOptions privateWords(int words) {
    privateWords = words;
    return this;
  }

  /**
   * Breaks the readers: they take a pointer in one section, announce a quiescent state, and use it in the next. No
   * policy survives that; a torture that does not notice is worth nothing.
   *
   * @return these options
   */
  public TortureOptions leaks() {
    leaks = true;
    return this;
  }

  Thread.Builder readerThreads() {
    return readerThreads;
  }

  boolean isDuel() {
    return duel;
  }

  int readers() {
    return readers;
  }

  int privateWords() {
    return privateWords;
  }

  int fakeUpdaters() {
    return fakeUpdaters;
  }

  int nesting() {
    return nesting;
  }

  Duration stall() {
    return stall;
  }

  boolean hasDeaths() {
    return deaths;
  }

  boolean hasInterrupts() {
    return interrupts;
  }

  boolean isLeaking() {
    return leaks;
  }
}
