package io.flatview.examples.races;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.flatview.rcu.GracePeriod;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.Reader;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The flavours themselves, through the public API: a reader in nested sections against a writer that unlinks, waits and
 * frees. The number is what the reader found: 0 an object that is alive, 1 one that was freed.
 */
public class PolicyRaces {

  private PolicyRaces() {}

  /** Every race has a JVM of its own, in which the fence is chosen once. */
  private static ReclaimPolicy epoch(String fence) {
    System.setProperty("flatview.rcu.epoch.fence", fence);
    return ReclaimPolicies.discover("epoch");
  }

  /** One pointer, and how both sides use it. */
  abstract static class Scene {

    private final RcuReference<AtomicBoolean> pointer;

    Scene(ReclaimPolicy policy) {
      pointer = new RcuReference<>(policy, new AtomicBoolean());
    }

    /** Looks from the outer section, after the inner one has ended. */
    final int read(Reader reader) {
      try (ReadSection _ = reader.enter()) {
        AtomicBoolean freed = pointer.dereference(reader);
        try (ReadSection _ = reader.enter()) {
          Thread.onSpinWait();
        }
        return freed.getOpaque() ? 1 : 0;
      }
    }

    /** Unlinks, waits, and marks as freed. */
    final void replace(Runnable wait) {
      AtomicBoolean unlinked = pointer.dereferenceProtected();
      pointer.assign(new AtomicBoolean());
      wait.run();
      unlinked.setOpaque(true);
    }

    static void poll(ReclaimPolicy policy) {
      GracePeriod token = policy.startGracePeriod();
      while (!token.poll()) {
        Thread.onSpinWait();
      }
    }
  }

  /** Epoch, asymmetric where that is to be had: no reader fences. Waits by synchronize. */
  @JCStressTest
  @Description("Epoch, fences by membarrier. Reader: enter; load; enter and leave; look; leave. Writer: unlink;"
      + " synchronize; free. Forbidden: the look finds the object freed.")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "alive")
  @Outcome(id = "1", expect = FORBIDDEN, desc = "freed under its reader")
  @State
  public static class EpochMembarrier extends Scene {

    private static final ReclaimPolicy POLICY = epoch("membarrier");

    /** For the runner. */
    public EpochMembarrier() {
      super(POLICY);
    }

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(I_Result r) {
      r.r1 = read(POLICY.currentReader());
    }

    /** Replaces. */
    @Actor
    public void writer() {
      replace(POLICY::synchronizeExpedited);
    }
  }

  /** Epoch, its readers fencing for themselves. Waits by synchronize. */
  @JCStressTest
  @Description("Epoch, readers fence. Reader: enter; load; enter and leave; look; leave. Writer: unlink; synchronize;"
      + " free. Forbidden: the look finds the object freed.")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "alive")
  @Outcome(id = "1", expect = FORBIDDEN, desc = "freed under its reader")
  @State
  public static class EpochFenced extends Scene {

    private static final ReclaimPolicy POLICY = epoch("full");

    /** For the runner. */
    public EpochFenced() {
      super(POLICY);
    }

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(I_Result r) {
      r.r1 = read(POLICY.currentReader());
    }

    /** Replaces. */
    @Actor
    public void writer() {
      replace(POLICY::synchronizeExpedited);
    }
  }

  /** Qsbr, waiting by a polled token. */
  @JCStressTest
  @Description("Qsbr, implicit reader. Reader: enter; load; enter and leave; look; leave. Writer: unlink; take a token;"
      + " poll until it is over; free. Forbidden: the look finds the object freed.")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "alive")
  @Outcome(id = "1", expect = FORBIDDEN, desc = "freed under its reader")
  @State
  public static class QsbrPoll extends Scene {

    private static final ReclaimPolicy POLICY = ReclaimPolicies.discover("qsbr");

    /** For the runner. */
    public QsbrPoll() {
      super(POLICY);
    }

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(I_Result r) {
      r.r1 = read(POLICY.currentReader());
    }

    /** Replaces. */
    @Actor
    public void writer() {
      replace(() -> poll(POLICY));
    }
  }

  /** Refcount, waiting by a polled token. */
  @JCStressTest
  @Description("Refcount. Reader: enter; load; enter and leave; look; leave. Writer: unlink; take a token; poll until"
      + " it is over; free. Forbidden: the look finds the object freed.")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "alive")
  @Outcome(id = "1", expect = FORBIDDEN, desc = "freed under its reader")
  @State
  public static class RefcountPoll extends Scene {

    private static final ReclaimPolicy POLICY = ReclaimPolicies.discover("refcount");

    /** For the runner. */
    public RefcountPoll() {
      super(POLICY);
    }

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(I_Result r) {
      r.r1 = read(POLICY.currentReader());
    }

    /** Replaces. */
    @Actor
    public void writer() {
      replace(() -> poll(POLICY));
    }
  }

  /** The writer does not wait. */
  @BrokenTwin
  @JCStressTest
  @Description("As EpochFenced, but the writer frees at once.")
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "alive")
  @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "freed under its reader")
  @State
  public static class Eager extends Scene {

    private static final ReclaimPolicy POLICY = ReclaimPolicies.discover("epoch");

    /** For the runner. */
    public Eager() {
      super(POLICY);
    }

    /**
     * Reads.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(I_Result r) {
      r.r1 = read(POLICY.currentReader());
    }

    /** Replaces. */
    @Actor
    public void writer() {
      replace(() -> {});
    }
  }
}
