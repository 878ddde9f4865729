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
 * A reader enters while a writer unlinks and looks at its slot. The first number is the pointer that the reader loaded:
 * 0 the old one, 1 the new one. The second is the writer's verdict: 0 it must wait, 1 it frees the old object.
 */
public class EpochEntryRaces {

  private EpochEntryRaces() {}

  /** The entry as it is without asymmetric fences. */
  @JCStressTest
  @Description("Reader: slot = epoch; full fence; load pointer. Writer: unlink; full fence; raise epoch; look at slot."
      + " Forbidden: the slot store waits in the reader's store buffer while its load finds the old pointer, so that"
      + " the writer looks, sees no reader, and frees the object that the reader holds.")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the reader is inside with the old object, and is waited for")
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "waited for without need")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the reader came late and sees the new object")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the old object is freed under its reader")
  @State
  public static class Fenced extends Shared {

    /** For the runner. */
    public Fenced() {
      super(OUTSIDE);
    }

    /**
     * Enters and loads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      slot.setOpaque(epoch.getOpaque());
      VarHandle.fullFence();
      r.r1 = pointer.getAcquire();
    }

    /**
     * Unlinks and looks.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      r.r2 = unlinkAndScan();
    }
  }

  /** Without fence E and without the heavy fence that may stand in for it. */
  @BrokenTwin
  @JCStressTest
  @Description("As Fenced, but the reader has no fence between slot = epoch and load pointer.")
  @Outcome(id = {"0, 0", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "as Fenced")
  @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "the load overtook the slot store: freed under reader")
  @State
  public static class Unfenced extends Shared {

    /** For the runner. */
    public Unfenced() {
      super(OUTSIDE);
    }

    /**
     * Enters and loads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      slot.setOpaque(epoch.getAcquire());
      r.r1 = pointer.getAcquire();
    }

    /**
     * Unlinks and looks.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      r.r2 = unlinkAndScan();
    }
  }

  /** Release and acquire are not enough. */
  @BrokenTwin
  @JCStressTest
  @Description("As Fenced, but with a release store of the slot in place of the fence: release orders what came before,"
      + " acquire what comes after, and neither orders a store with a later load.")
  @Outcome(id = {"0, 0", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "as Fenced")
  @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "the load overtook the slot store: freed under reader")
  @State
  public static class ReleaseAcquire extends Shared {

    /** For the runner. */
    public ReleaseAcquire() {
      super(OUTSIDE);
    }

    /**
     * Enters and loads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      slot.setRelease(epoch.getAcquire());
      r.r1 = pointer.getAcquire();
    }

    /**
     * Unlinks and looks.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      r.r2 = unlinkAndScan();
    }
  }

  /** The grace period begins before the unlinking that it is to cover. */
  @BrokenTwin
  @JCStressTest
  @Description("The reader is that of Fenced. Writer: full fence; raise epoch; unlink; full fence; look at slot. The"
      + " reader enters between the raise and the unlinking: its number is new enough, its pointer is old.")
  @Outcome(id = {"0, 0", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "as Fenced")
  @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "begun before published: freed under reader")
  @State
  public static class BegunBeforePublished extends Shared {

    /** For the runner. */
    public BegunBeforePublished() {
      super(OUTSIDE);
    }

    /**
     * Enters and loads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      slot.setOpaque(epoch.getOpaque());
      VarHandle.fullFence();
      r.r1 = pointer.getAcquire();
    }

    /**
     * Begins, unlinks and looks.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      epoch.incrementAndGet();
      pointer.setRelease(NEW);
      VarHandle.fullFence();
      r.r2 = scan();
    }
  }
}
