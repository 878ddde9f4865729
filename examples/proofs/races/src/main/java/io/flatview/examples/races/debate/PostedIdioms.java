package io.flatview.examples.races.debate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.flatview.examples.races.BrokenTwin;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Idioms that the thread offers, and that fail: the numbers are the generations of the table and of the root. */
public class PostedIdioms {

  /** No update under way. */
  static final int NONE = -1;

  private PostedIdioms() {}

  /** Idiom 1 as posted. */
  @BrokenTwin
  @JCStressTest
  @Description("1. Reader: load table, load root; again while table has moved. Writer: store root, store table.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the new map")
  @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING,
      desc = "table loaded; root stored; new root loaded, table unchanged: accepted")
  @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "new table, old root: the order of the stores excludes it")
  @State
  public static class RecheckRootFirst {

    volatile int root;
    volatile int table;

    /** For the runner. */
    public RecheckRootFirst() {}

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
      } while (t != table);
      r.r1 = t;
      r.r2 = o;
    }

    /** Updates. */
    @Actor
    public void writer() {
      root = 1;
      table = 1;
    }
  }

  /** Idiom 1 with the stores turned round. */
  @BrokenTwin
  @JCStressTest
  @Description("1, turned round. Reader as in 1. Writer: store table, store root.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the new map")
  @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
      desc = "table stored; both loaded, table unchanged: accepted before the root is stored")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "old table, new root: the recheck of the table excludes it")
  @State
  public static class RecheckTableFirst {

    volatile int root;
    volatile int table;

    /** For the runner. */
    public RecheckTableFirst() {}

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
      } while (t != table);
      r.r1 = t;
      r.r2 = o;
    }

    /** Updates. */
    @Actor
    public void writer() {
      table = 1;
      root = 1;
    }
  }

  /** Idiom 2 as posted on 16 May. */
  @BrokenTwin
  @JCStressTest
  @Description("2. Reader: load table, load root; again while table == next. Writer: next = new; store table,"
      + " store root; next = NULL.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the new map")
  @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING,
      desc = "(a) old table loaded; both stored; new root loaded; the old table is not next: accepted")
  @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
      desc = "(b) new table and old root loaded; root and NULL stored; the table is not next: accepted")
  @State
  public static class NextPointer {

    volatile int root;
    volatile int table;
    volatile int next = NONE;

    /** For the runner. */
    public NextPointer() {}

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
      } while (t == next);
      r.r1 = t;
      r.r2 = o;
    }

    /** Updates. */
    @Actor
    public void writer() {
      next = 1;
      table = 1;
      root = 1;
      next = NONE;
    }
  }

  /** Idiom 3: ABA. */
  @BrokenTwin
  @JCStressTest
  @Description("3. The reader keeps a copy of map A from an earlier section, and copies again if the map's"
      + " address has changed. Writer: publish B; wait until no section is open; free A; build generation"
      + " 2 at the same address; publish it. The numbers are the generation that the reader uses and the"
      + " one that stands at the address.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "map B, copied anew")
  @Outcome(id = "0, 2", expect = ACCEPTABLE_INTERESTING,
      desc = "the address is the same, the map is not: the copy is of a map that was freed")
  @State
  public static class CachedAcrossSections {

    private static final int A = 0;
    private static final int B = 1;

    private final AtomicIntegerArray generationAt = new AtomicIntegerArray(new int[] {0, 1});
    private volatile int map = A;
    private volatile boolean inside;

    /** For the runner. */
    public CachedAcrossSections() {}

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      inside = true;
      int address = map;
      int copied = address == A ? 0 : generationAt.get(address);
      r.r1 = copied;
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

  /** Idiom 6 on two tables that take turns. */
  @BrokenTwin
  @JCStressTest
  @Description("6 with two tables that are written by turns, two updates. Reader: load table and what it says,"
      + " load root; again while an update is under way or the table has moved. It has moved twice. The"
      + " numbers are the generations that table and root say.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "after the first update")
  @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "after the second")
  @Outcome(id = "0, 2", expect = ACCEPTABLE_INTERESTING, desc = "the table came back with other content: accepted")
  @Outcome(id = {"0, 1", "1, 0", "1, 2", "2, 0", "2, 1"}, expect = ACCEPTABLE_INTERESTING, desc = "another mix")
  @State
  public static class PingPongTables {

    private final AtomicIntegerArray tables = new AtomicIntegerArray(2);
    private volatile int root;
    private volatile int table;
    private volatile int next = NONE;

    /** For the runner. */
    public PingPongTables() {}

    private void update(int to, int generation) {
      next = to;
      tables.set(to, generation);
      root = generation;
      table = to;
      next = NONE;
    }

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      int t;
      int said;
      int o;
      do {
        t = table;
        said = tables.get(t);
        o = root;
      } while (next != NONE || t != table);
      r.r1 = said;
      r.r2 = o;
    }

    /** Updates. */
    @Actor
    public void writer() {
      update(1, 1);
      update(0, 2);
    }
  }

  /** Two address spaces, a pointer each. */
  @BrokenTwin
  @JCStressTest
  @Description("A commit changes two address spaces, each with a pointer of its own; a reader hops from the"
      + " first to the second. The numbers are the generations that it sees.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the old map")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the new map")
  @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "the first is new, the second still old")
  @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "the first was old, the second is new")
  @State
  public static class PointerPerSpace {

    volatile int first;
    volatile int second;

    /** For the runner. */
    public PointerPerSpace() {}

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      r.r1 = first;
      r.r2 = second;
    }

    /** Updates. */
    @Actor
    public void writer() {
      first = 1;
      second = 1;
    }
  }
}
