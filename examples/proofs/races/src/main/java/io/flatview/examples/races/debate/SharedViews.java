package io.flatview.examples.races.debate;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.flatview.examples.races.BrokenTwin;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Taking a reference to a view whose owner drops the last one: 0 the reader uses it alive, 1 destroyed, 2 it was
 * refused and looks again.
 */
public class SharedViews {

  private SharedViews() {}

  /** Taken only while another holder has it. */
  @JCStressTest
  @Description("Reader: raise the count unless it is 0; use; drop. Owner: drop.")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "alive")
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "refused: the owner was faster")
  @Outcome(id = "1", expect = FORBIDDEN, desc = "used after it was destroyed")
  @State
  public static class TakenIfNotZero {

    private final AtomicInteger references = new AtomicInteger(1);
    private volatile boolean destroyed;

    /** For the runner. */
    public TakenIfNotZero() {}

    private void drop() {
      if (references.decrementAndGet() == 0) {
        destroyed = true;
      }
    }

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(I_Result r) {
      int before = references.getAndUpdate(n -> n == 0 ? 0 : n + 1);
      if (before == 0) {
        r.r1 = 2;
      } else {
        r.r1 = destroyed ? 1 : 0;
        drop();
      }
    }

    /** Updates. */
    @Actor
    public void writer() {
      drop();
    }
  }

  /** Taken without a look at the count. */
  @BrokenTwin
  @JCStressTest
  @Description("As TakenIfNotZero, but the reader raises the count whatever it is.")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "alive")
  @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "raised from 0 to 1: used after it was destroyed")
  @State
  public static class TakenAnyway {

    private final AtomicInteger references = new AtomicInteger(1);
    private volatile boolean destroyed;

    /** For the runner. */
    public TakenAnyway() {}

    private void drop() {
      if (references.decrementAndGet() == 0) {
        destroyed = true;
      }
    }

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(I_Result r) {
      references.incrementAndGet();
      r.r1 = destroyed ? 1 : 0;
      drop();
    }

    /** Updates. */
    @Actor
    public void writer() {
      drop();
    }
  }
}
