package io.flatview.examples.cli.demo.read;

import java.util.concurrent.atomic.AtomicLong;

/** The counts of one reader. Counted in plain fields by the reader, and shown to others now and then. */
public final class Tally {

  private final AtomicLong shownSections = new AtomicLong();
  private final AtomicLong shownTranslations = new AtomicLong();
  private final AtomicLong shownAccesses = new AtomicLong();
  // Owned by the reader's thread.
  private long sections;
  private long translations;
  private long accesses;

  Tally() {}

  void section() {
    sections++;
  }

  void translations(int count) {
    translations += count;
  }

  void accesses(int count) {
    accesses += count;
  }

  long ownSections() {
    return sections;
  }

  void show() {
    shownSections.lazySet(sections);
    shownTranslations.lazySet(translations);
    shownAccesses.lazySet(accesses);
  }

  /**
   * How many sections were entered, as last shown.
   *
   * @return the number
   */
  public long sections() {
    return shownSections.get();
  }

  /**
   * How many addresses were translated, as last shown.
   *
   * @return the number
   */
  public long translations() {
    return shownTranslations.get();
  }

  /**
   * How many loads and stores were made, as last shown.
   *
   * @return the number
   */
  public long accesses() {
    return shownAccesses.get();
  }
}
