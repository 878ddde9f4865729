package io.flatview.examples.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A write outside any section stores its data and then looks which clients log, while a client begins to log and copies
 * everything. The first number is what the writer saw of the client, 1 if it logs; the second what the client copied, 1
 * for the new data. With 0, 0 the page is lost: no copy has it, and no mark tells of it.
 */
public class DirtyLookRaces {

  private DirtyLookRaces() {}

  /** The order that both share, that of {@code DirtyLog.mark} and {@code DirtyLog.enable}. */
  public static class Page {

    int data;
    volatile int enabled;

    final int beginAndCopy() {
      enabled = 1;
      return data;
    }
  }

  /** As {@code DirtyLog} does it. */
  @JCStressTest
  @Description("Writer: data, plain; fence L; look at enabled. Client: enabled, volatile; copy data. Forbidden: the"
      + " look"
      + " misses the client, and the copy misses the data.")
  @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "the mark or the copy has the data")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the page is lost")
  @State
  public static class FencedLook extends Page {

    /** For the runner. */
    public FencedLook() {}

    /**
     * Writes and looks.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      data = 1;
      VarHandle.fullFence();
      r.r1 = enabled;
    }

    /**
     * Begins to log, and copies.
     *
     * @param r the result of the copy
     */
    @Actor
    public void client(II_Result r) {
      r.r2 = beginAndCopy();
    }
  }

  /** The look is a volatile read, and no more. */
  @BrokenTwin
  @JCStressTest
  @Description("As FencedLook, without fence L.")
  @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "the mark or the copy has the data")
  @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING, desc = "the page is lost")
  @State
  public static class UnfencedLook extends Page {

    /** For the runner. */
    public UnfencedLook() {}

    /**
     * Writes and looks.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      data = 1;
      r.r1 = enabled;
    }

    /**
     * Begins to log, and copies.
     *
     * @param r the result of the copy
     */
    @Actor
    public void client(II_Result r) {
      r.r2 = beginAndCopy();
    }
  }
}
