package io.flatview.examples.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A reader is inside with the old object, which is unlinked already; it looks at the contents and leaves, while a
 * writer waits for its slot and frees. The number is what the reader saw: 0 the contents, 1 what was written when the
 * object had been freed.
 */
public class SectionEndRaces {

  private SectionEndRaces() {}

  /** The exit of epoch and of qsbr's implicit reader; going offline; and, with a number, the announcement of qsbr. */
  @JCStressTest
  @Description("Reader: look at contents; slot = 0, release. Writer: slot, acquire; if it is 0, free. Forbidden: the"
      + " look happens after the store of the slot, and finds what the writer left there.")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "the contents, whether or not they are freed by now")
  @Outcome(id = "1", expect = FORBIDDEN, desc = "a look inside the section found the object freed")
  @State
  public static class ReleaseExit extends Shared {

    /** For the runner. */
    public ReleaseExit() {
      super(EARLIER);
    }

    /**
     * Looks and leaves.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(I_Result r) {
      r.r1 = contents.getOpaque();
      slot.setRelease(OUTSIDE);
    }

    /** Frees if the reader has left. */
    @Actor
    public void writer() {
      freeIf(scan());
    }
  }

  /** The outermost exit alone clears the slot. */
  @JCStressTest
  @Description("Reader, two sections deep: leave the inner one, which stores nothing; look at contents; leave the outer"
      + " one: slot = 0, release. Writer: slot, acquire; if it is 0, free. Forbidden: the look finds the object freed.")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "the contents")
  @Outcome(id = "1", expect = FORBIDDEN, desc = "a look inside the outer section found the object freed")
  @State
  public static class NestedExit extends Shared {

    private int depth = 2;

    /** For the runner. */
    public NestedExit() {
      super(EARLIER);
    }

    /**
     * Leaves, looks and leaves.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(I_Result r) {
      leave();
      r.r1 = contents.getOpaque();
      leave();
    }

    private void leave() {
      depth--;
      if (depth == 0) {
        slot.setRelease(OUTSIDE);
      }
    }

    /** Frees if the reader has left. */
    @Actor
    public void writer() {
      freeIf(scan());
    }
  }

  /** Every exit clears the slot. */
  @BrokenTwin
  @JCStressTest
  @Description("As NestedExit, but the inner exit stores slot = 0 as well.")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "the contents")
  @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "the outer section was not protected any more")
  @State
  public static class InnerExitClears extends Shared {

    /** For the runner. */
    public InnerExitClears() {
      super(EARLIER);
    }

    /**
     * Leaves, looks and leaves.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(I_Result r) {
      slot.setRelease(OUTSIDE);
      r.r1 = contents.getOpaque();
      slot.setRelease(OUTSIDE);
    }

    /** Frees if the reader has left. */
    @Actor
    public void writer() {
      freeIf(scan());
    }
  }

  /** A token polled inside the very section that its grace period waits for. */
  @JCStressTest
  @Description("Reader, inside: poll: completed, acquire; leave: slot = 0, release. Reclaiming thread: slot, acquire;"
      + " if it is 0, completed = n, release. Forbidden: the poll, inside, says that the section has ended.")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "not over, or over after the section")
  @Outcome(id = "1", expect = FORBIDDEN, desc = "over while the section was open")
  @State
  public static class TokenPoll extends Shared {

    /** For the runner. */
    public TokenPoll() {
      super(EARLIER);
    }

    /**
     * Polls inside, and leaves.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(I_Result r) {
      r.r1 = epoch.getAcquire() >= PRESENT ? 1 : 0;
      slot.setRelease(OUTSIDE);
    }

    /** Ends the grace period if the reader has left. */
    @Actor
    public void writer() {
      if (slot.getAcquire() == OUTSIDE) {
        epoch.setRelease(PRESENT);
      }
    }
  }
}
