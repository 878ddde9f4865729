package io.flatview.examples.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A reader counts itself in while a writer unlinks and looks at the counters. The first number is the pointer that the
 * reader loaded: 0 the old one, 1 the new one. The second is the writer's verdict: 0 it must wait, 1 it frees.
 */
public class RefcountRaces {

  private RefcountRaces() {}

  /** The state that a reader and a writer share: two counters, and the phase that says which of them is active. */
  static class Counted {

    static final int OLD = 0;
    static final int NEW = 1;
    static final int FREED = 1;
    static final int KEPT = 0;

    final AtomicInteger pointer = new AtomicInteger(OLD);
    final AtomicInteger phase = new AtomicInteger();
    final AtomicInteger even = new AtomicInteger();
    final AtomicInteger odd = new AtomicInteger();

    final AtomicInteger counter(int which) {
      return which == 0 ? even : odd;
    }

    /** Counts itself in under the phase that it finds, fences, and loads. */
    final int enterAndLoad() {
      counter(phase.getOpaque()).getAndIncrement();
      VarHandle.fullFence();
      return pointer.getAcquire();
    }

    /** A first grace period, which flips the phase from 0 to 1; false if it would have to wait. */
    final boolean passOnce() {
      VarHandle.fullFence();
      if (odd.get() != 0) {
        return false;
      }
      phase.setRelease(1);
      return even.get() == 0;
    }
  }

  /** Count in, then load. */
  @JCStressTest
  @Description("Reader: counter++; full fence; load pointer. Writer: unlink; full fence; look at the counters of both"
      + " phases. Forbidden: the counter is seen at 0 while the reader has loaded the old pointer.")
  @Outcome(id = {"0, 0", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "waited for, or late")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the old object is freed under its reader")
  @State
  public static class CountThenLoad extends Counted {

    /** For the runner. */
    public CountThenLoad() {}

    /**
     * Enters and loads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      r.r1 = enterAndLoad();
    }

    /**
     * Unlinks and looks.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      pointer.setRelease(NEW);
      VarHandle.fullFence();
      r.r2 = odd.get() == 0 && even.get() == 0 ? FREED : KEPT;
    }
  }

  /** Load, then count in: the counter rises from 0 after the writer has seen it at 0. */
  @BrokenTwin
  @JCStressTest
  @Description("As CountThenLoad, but the reader loads the pointer first and counts itself in afterwards: between the"
      + " two, the writer unlinks, sees 0 and frees; the count rises from 0 for an object that is gone.")
  @Outcome(id = {"0, 0", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "waited for, or late")
  @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "counted in for an object that is freed")
  @State
  public static class LoadThenCount extends Counted {

    /** For the runner. */
    public LoadThenCount() {}

    /**
     * Loads and enters.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      r.r1 = pointer.getAcquire();
      counter(phase.getOpaque()).getAndIncrement();
      VarHandle.fullFence();
    }

    /**
     * Unlinks and looks.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      pointer.setRelease(NEW);
      VarHandle.fullFence();
      r.r2 = odd.get() == 0 && even.get() == 0 ? FREED : KEPT;
    }
  }

  /** A straggler counts itself in under the phase that was active before the last grace period. */
  @JCStressTest
  @Description("Reader: p = phase; counter[p]++; full fence; load pointer. Writer: a first grace period flips the phase"
      + " from 0 to 1; then unlink; full fence; look at counter[0], flip back, look at counter[1]. Forbidden: the"
      + " reader read 0 before the flip, counted itself in after the first grace period, holds the old pointer, and the"
      + " second grace period overlooks counter[0].")
  @Outcome(id = {"0, 0", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "waited for, or late")
  @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the old object is freed under its reader")
  @State
  public static class TwoPasses extends Counted {

    /** For the runner. */
    public TwoPasses() {}

    /**
     * Enters and loads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      r.r1 = enterAndLoad();
    }

    /**
     * A grace period, an unlinking, another grace period.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      if (passOnce()) {
        pointer.setRelease(NEW);
        VarHandle.fullFence();
        boolean idle = even.get() == 0;
        phase.setRelease(0);
        r.r2 = idle && odd.get() == 0 ? FREED : KEPT;
      }
    }
  }

  /** The second grace period looks at the phase that was active, and not at the idle one. */
  @BrokenTwin
  @JCStressTest
  @Description("As TwoPasses, but the second grace period flips back and looks at counter[1] alone.")
  @Outcome(id = {"0, 0", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "waited for, or late")
  @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "the straggler was overlooked: freed under its reader")
  @State
  public static class OnePass extends Counted {

    /** For the runner. */
    public OnePass() {}

    /**
     * Enters and loads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      r.r1 = enterAndLoad();
    }

    /**
     * A grace period, an unlinking, another grace period.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      if (passOnce()) {
        pointer.setRelease(NEW);
        VarHandle.fullFence();
        phase.setRelease(0);
        r.r2 = odd.get() == 0 ? FREED : KEPT;
      }
    }
  }
}
