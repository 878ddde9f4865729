package io.flatview.examples.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * One waits for room in a bounce buffer while another gives some back. The numbers are 1 if the waiter saw room, and 1
 * if the giver saw the waiter; two zeros are a wait without end.
 */
public class WaiterRaces {

  private WaiterRaces() {}

  /** The number of waiters, and how much of the buffer is in use. */
  abstract static class Buffer {
    final AtomicInteger waiting = new AtomicInteger();
    final AtomicInteger used = new AtomicInteger(1);
  }

  /** As the bounce buffers of an address space do it. */
  @JCStressTest
  @Description("Waiter: enter the queue; look for room. Giver: give back; look into the queue. All four are volatile."
      + " Forbidden: each looks before the other has stored.")
  @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "one of them sees the other")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the waiter is never woken")
  @State
  public static class EnterThenLook extends Buffer {

    /** For the runner. */
    public EnterThenLook() {}

    /**
     * Waits.
     *
     * @param r the result that is seen
     */
    @Actor
    public void waiter(II_Result r) {
      waiting.set(1);
      r.r1 = 1 - used.get();
    }

    /**
     * Gives back.
     *
     * @param r the result that is seen
     */
    @Actor
    public void giver(II_Result r) {
      used.set(0);
      r.r2 = waiting.get();
    }
  }

  /** Release and acquire let each look overtake the store before it. */
  @BrokenTwin
  @JCStressTest
  @Description("As EnterThenLook, but the stores are releases and the looks acquires.")
  @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "one of them sees the other")
  @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING, desc = "the waiter is never woken")
  @State
  public static class ReleaseAndAcquire extends Buffer {

    /** For the runner. */
    public ReleaseAndAcquire() {}

    /**
     * Waits.
     *
     * @param r the result that is seen
     */
    @Actor
    public void waiter(II_Result r) {
      waiting.setRelease(1);
      r.r1 = 1 - used.getAcquire();
    }

    /**
     * Gives back.
     *
     * @param r the result that is seen
     */
    @Actor
    public void giver(II_Result r) {
      used.setRelease(0);
      r.r2 = waiting.getAcquire();
    }
  }

  /** The look comes first. */
  @BrokenTwin
  @JCStressTest
  @Description("As EnterThenLook, but the waiter looks for room and then enters the queue.")
  @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "one of them sees the other")
  @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING, desc = "given back between look and entry")
  @State
  public static class LookThenEnter extends Buffer {

    /** For the runner. */
    public LookThenEnter() {}

    /**
     * Waits.
     *
     * @param r the result that is seen
     */
    @Actor
    public void waiter(II_Result r) {
      r.r1 = 1 - used.get();
      waiting.set(1);
    }

    /**
     * Gives back.
     *
     * @param r the result that is seen
     */
    @Actor
    public void giver(II_Result r) {
      used.set(0);
      r.r2 = waiting.get();
    }
  }
}
