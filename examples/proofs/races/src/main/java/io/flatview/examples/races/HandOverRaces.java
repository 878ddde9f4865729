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
 * A thread takes a reader over whose last user has ended, and enters, while a sweeper sets that reader aside and a
 * grace period looks at those that are left.
 */
public class HandOverRaces {

  private HandOverRaces() {}

  /** The reader, its user and whether it is aside. */
  abstract static class Handed extends Shared {

    static final int DEAD = 1;
    static final int TAKER = 2;
    static final int NONE = 0;

    private int user = DEAD;
    private boolean aside;

    Handed() {
      super(OUTSIDE);
    }

    /** The first entry of the taker: it is not the user yet. */
    final void enter() {
      if (user != TAKER) {
        takeOver();
      }
      enterUnasked();
    }

    private synchronized void takeOver() {
      user = TAKER;
      aside = false;
      VarHandle.fullFence();
    }

    /** As if the taker were the user. */
    final void enterUnasked() {
      slot.setOpaque(epoch.getOpaque());
      VarHandle.fullFence();
    }

    /** Sets the reader aside if its user is dead and outside. */
    final synchronized void sweep() {
      if (user == DEAD && slot.getAcquire() == OUTSIDE) {
        user = NONE;
        aside = true;
      }
    }

    /** Unlinks, and looks at the reader unless that is not in the list. */
    final int unlinkAndScanList() {
      pointer.setRelease(NEW);
      VarHandle.fullFence();
      boolean listed = isListed();
      epoch.incrementAndGet();
      return listed ? scan() : FREED;
    }

    private synchronized boolean isListed() {
      return !aside;
    }
  }

  /** The taker compares the user, and becomes it. */
  @JCStressTest
  @Description("Taker: compare the user; lock: become the user, come back into the list; slot = epoch; full fence; load"
      + " pointer. Sweeper, then writer: lock: if the user is dead and outside, take the reader out of the list;"
      + " unlink; look at the slot if the reader is listed; free. Forbidden: freed while the taker holds the old"
      + " pointer.")
  @Outcome(id = {"0, 0", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "pointer, verdict")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "freed under the thread that took the reader over")
  @State
  public static class TakenOver extends Handed {

    /** For the runner. */
    public TakenOver() {}

    /**
     * Takes the reader over and reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void taker(II_Result r) {
      enter();
      r.r1 = pointer.getAcquire();
    }

    /**
     * Sweeps, unlinks and looks.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      sweep();
      r.r2 = unlinkAndScanList();
    }
  }

  /** The taker just enters, as the thread that registered the reader would. */
  @BrokenTwin
  @JCStressTest
  @Description("As TakenOver, but the taker does not compare the user: the sweeper takes the reader out of the list"
      + " while the taker enters.")
  @Outcome(id = {"0, 0", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "pointer, verdict")
  @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "freed under the thread that took the reader over")
  @State
  public static class Unasked extends Handed {

    /** For the runner. */
    public Unasked() {}

    /**
     * Enters and reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void taker(II_Result r) {
      enterUnasked();
      r.r1 = pointer.getAcquire();
    }

    /**
     * Sweeps, unlinks and looks.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      sweep();
      r.r2 = unlinkAndScanList();
    }
  }
}
