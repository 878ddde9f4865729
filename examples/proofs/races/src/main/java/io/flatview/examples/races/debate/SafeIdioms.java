package io.flatview.examples.races.debate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Idioms that hold: the numbers are the generations of the table and of the root, which must never differ. */
public class SafeIdioms {

  private static final int NONE = PostedIdioms.NONE;

  private SafeIdioms() {}

  /** Idiom 4, published by a volatile store. */
  @JCStressTest
  @Description("4. One pointer to an immutable pair. Reader: load the pointer, then root and table through it."
      + " Writer: store a new pair. No retry.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the new map")
  @Outcome(id = {"0, 1", "1, 0"}, expect = FORBIDDEN, desc = "root and table of two maps")
  @State
  public static class OnePointer {

    private record Pair(int root, int table) {}

    private volatile Pair map = new Pair(0, 0);

    /** For the runner. */
    public OnePointer() {}

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      Pair seen = map;
      r.r1 = seen.table();
      r.r2 = seen.root();
    }

    /** Updates. */
    @Actor
    public void writer() {
      map = new Pair(1, 1);
    }
  }

  /** Idiom 4, published by a plain store: final fields do it alone. */
  @JCStressTest
  @Description("4 without any fence: the pointer is a plain field, the pair has final fields. The reader may see"
      + " the pair late, and never half.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the new map")
  @Outcome(id = {"0, 1", "1, 0"}, expect = FORBIDDEN, desc = "root and table of two maps")
  @State
  public static class OnePlainPointer {

    private record Pair(int root, int table) {}

    private Pair map = new Pair(0, 0);

    /** For the runner. */
    public OnePlainPointer() {}

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      Pair seen = map;
      r.r1 = seen.table();
      r.r2 = seen.root();
    }

    /** Updates. */
    @Actor
    public void writer() {
      map = new Pair(1, 1);
    }
  }

  /** Idiom 5. */
  @JCStressTest
  @Description("5. Writer: odd number, store root, store table, even number. Reader: load number, table, root;"
      + " again while the number is odd or has moved.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the new map")
  @Outcome(id = {"0, 1", "1, 0"}, expect = FORBIDDEN, desc = "root and table of two maps")
  @State
  public static class SequenceLock {

    private volatile int sequence;
    private volatile int root;
    private volatile int table;

    /** For the runner. */
    public SequenceLock() {}

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      int before;
      int t;
      int o;
      do {
        before = sequence;
        t = table;
        o = root;
      } while (before % 2 != 0 || before != sequence);
      r.r1 = t;
      r.r2 = o;
    }

    /** Updates. */
    @Actor
    public void writer() {
      sequence = 1;
      root = 1;
      table = 1;
      sequence = 2;
    }
  }

  /** Idiom 6. */
  @JCStressTest
  @Description("6. Writer: next = new; store root, store table; next = NULL. Reader: load table, load root;"
      + " again while an update is under way or, checked after that, the table has moved.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the new map")
  @Outcome(id = {"0, 1", "1, 0"}, expect = FORBIDDEN, desc = "root and table of two maps")
  @State
  public static class MarkedUpdate {

    private volatile int root;
    private volatile int table;
    private volatile int next = NONE;

    /** For the runner. */
    public MarkedUpdate() {}

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      int t;
      int o;
      do {
        t = table;
        o = root;
      } while (next != NONE || t != table);
      r.r1 = t;
      r.r2 = o;
    }

    /** Updates. */
    @Actor
    public void writer() {
      next = 1;
      root = 1;
      table = 1;
      next = NONE;
    }
  }

  /** Idiom 7. */
  @JCStressTest
  @Description("7. A table that only grows: the writer appends the changed path and then stores the root, the"
      + " one word that changes. Reader: load root, look into the table. No pair, no retry. The numbers"
      + " are what stands in the table and the root.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the new map")
  @Outcome(id = "-1, 1", expect = FORBIDDEN, desc = "a new root before its node")
  @Outcome(id = {"0, 1", "1, 0"}, expect = FORBIDDEN, desc = "root and table of two maps")
  @State
  public static class AppendOnly {

    private final int[] nodes = {0, NONE};
    private volatile int root;

    /** For the runner. */
    public AppendOnly() {}

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      int o = root;
      r.r1 = nodes[o];
      r.r2 = o;
    }

    /** Updates. */
    @Actor
    public void writer() {
      nodes[1] = 1;
      root = 1;
    }
  }

  /** Idiom 3, mended: the copy ends with the section. */
  @JCStressTest
  @Description("3, mended: the copy is made in the section that uses it. The writer is that of 3. The numbers"
      + " are the generation that the reader uses and the one that stands at the address.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "map B")
  @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "the map that was built at the address of A")
  @Outcome(id = {"0, 2", "2, 0"}, expect = FORBIDDEN, desc = "the copy is of a map that was freed")
  @State
  public static class CacheOfOneSection {

    private static final int A = 0;
    private static final int B = 1;

    private final AtomicIntegerArray generationAt = new AtomicIntegerArray(new int[] {0, 1});
    private volatile int map = A;
    private volatile boolean inside;

    /** For the runner. */
    public CacheOfOneSection() {}

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      inside = true;
      int address = map;
      r.r1 = generationAt.get(address);
      r.r2 = generationAt.get(address);
      inside = false;
    }

    /** Updates. */
    @Actor
    public void writer() {
      map = B;
      if (!inside) {
        generationAt.set(A, 2);
        map = A;
      }
    }
  }

  /** Two address spaces behind one pointer, as here. */
  @JCStressTest
  @Description("A commit changes two address spaces with one store; a reader hops from the first to the second"
      + " inside a section. The numbers are the generations that it sees.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the new map")
  @Outcome(id = {"0, 1", "1, 0"}, expect = FORBIDDEN, desc = "two generations in one section")
  @State
  public static class PointerForAllSpaces {

    private record Generation(int first, int second) {}

    private volatile Generation all = new Generation(0, 0);

    /** For the runner. */
    public PointerForAllSpaces() {}

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      Generation pinned = all;
      r.r1 = pinned.first();
      r.r2 = pinned.second();
    }

    /** Updates. */
    @Actor
    public void writer() {
      all = new Generation(1, 1);
    }
  }
}
