package io.flatview.examples.bench.rcu;

import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.ReclaimPolicy;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A thread that retires one and the same action again and again, and waits while too many are outstanding. */
@State(Scope.Thread)
public class Producer {

  /*
   *   field   | read                     | write                            | guard
   *   retired | plain                    | plain                            | the producer's thread
   *   tally   | acquire by the producer  | release by the reclaiming thread | single writer
   */

  private static final long LIMIT = 200_000;
  private static final int BURST = 256;
  private static final int WARM_UPS = 10;

  /** How many objects are retired in one measurement. */
  @Param("1000000")
  public int objects;

  private final AtomicLong tally = new AtomicLong();
  private final ReclaimAction action = () -> tally.setRelease(tally.getPlain() + 1);
  private long retired;

  /**
   * Retires them some times before anything counts: a measurement is one shot, and it takes the compiler more of them
   * to be done than there are.
   *
   * @param shared the policy
   */
  @Setup
  public void warmUp(SharedPolicy shared) {
    for (int i = 0; i < WARM_UPS; i++) {
      retireAll(shared.policy());
    }
    shared.policy().barrier();
  }

  /** Retires all the objects and returns the largest number that were outstanding. */
  long retireAll(ReclaimPolicy policy) {
    long peak = 0;
    for (int left = objects; left > 0; left -= BURST) {
      retire(policy, Math.min(left, BURST));
      peak = Math.max(peak, outstanding());
      throttle();
    }
    return peak;
  }

  private void retire(ReclaimPolicy policy, int burst) {
    for (int i = 0; i < burst; i++) {
      policy.retire(action);
    }
    retired += burst;
  }

  private void throttle() {
    while (outstanding() > LIMIT) {
      Thread.yield();
    }
  }

  private long outstanding() {
    return retired - tally.getAcquire();
  }
}
