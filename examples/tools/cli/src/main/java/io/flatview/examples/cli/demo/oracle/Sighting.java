package io.flatview.examples.cli.demo.oracle;

/** The words that one reader saw in one section. Owned by the reader and used again for its next section. */
public final class Sighting {

  private final String reader;
  private final int[] points;
  private final long[] words;
  private int size;
  private long settled;
  private long announced;
  private long generation;

  /**
   * An empty sighting.
   *
   * @param reader the name of the reader that looks
   * @param capacity how many points it looks at, at most
   */
  public Sighting(String reader, int capacity) {
    this.reader = reader;
    points = new int[capacity];
    words = new long[capacity];
  }

  /**
   * Starts over; to be called before the section is entered.
   *
   * @param settledBefore {@link Ledger#settled()} of this moment
   */
  public void start(long settledBefore) {
    size = 0;
    settled = settledBefore;
  }

  /**
   * The section is open.
   *
   * @param generationSeen the generation that it pins, for messages only
   * @param announcedAfter {@link Ledger#announced()} of this moment
   */
  public void entered(long generationSeen, long announcedAfter) {
    generation = generationSeen;
    announced = announcedAfter;
  }

  /**
   * Notes a load.
   *
   * @param point the number of the point, from 0
   * @param word the word that it gave
   */
  public void note(int point, long word) {
    points[size] = point;
    words[size++] = word;
  }

  /**
   * Whether everything seen belongs to one frame.
   *
   * @param frame the frame to compare with
   * @return true if it does
   */
  public boolean matches(Frame frame) {
    for (int i = 0; i < size; i++) {
      if (words[i] != frame.expected(points[i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * How many loads were noted.
   *
   * @return the number
   */
  public int size() {
    return size;
  }

  /**
   * Where a load went.
   *
   * @param index of the load
   * @return the point
   */
  public int point(int index) {
    return points[index];
  }

  /**
   * The value of a load.
   *
   * @param index of the load
   * @return the word
   */
  public long word(int index) {
    return words[index];
  }

  /**
   * The oldest commit that the section may see.
   *
   * @return its number
   */
  public long settled() {
    return settled;
  }

  /**
   * The latest commit that the section may see.
   *
   * @return its number
   */
  public long announced() {
    return announced;
  }

  /** The reader that looked, and the time. */
  @Override
  public String toString() {
    return reader + ", generation " + generation + ", commits " + settled + " to " + announced;
  }
}
