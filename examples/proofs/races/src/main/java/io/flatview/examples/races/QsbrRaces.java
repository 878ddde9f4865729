package io.flatview.examples.races;

import static io.flatview.examples.races.BrokenTwin.SeenOn.WEAK_PROCESSORS;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** A registered reader announces a quiescent state while a writer unlinks, scans and frees. */
public class QsbrRaces {

  private QsbrRaces() {}

  /** An announcement between two sections. */
  @JCStressTest
  @Description("Reader: load pointer, look at contents; announce: slot = epoch, acquire and release; load pointer."
      + " Writer: unlink; full fence; raise epoch; look at slot; if it shows the new number, free. Forbidden: the look"
      + " of the first section finds the object freed, or the second section loads the old pointer after the scan let"
      + " the reader pass.")
  @Outcome(id = {"0, 0, 0", "0, 1, 0", "0, 1, 1"}, expect = ACCEPTABLE, desc = "contents, second pointer, verdict")
  @Outcome(id = {"1, 0, 0", "1, 1, 0", "1, 0, 1", "1, 1, 1"}, expect = FORBIDDEN, desc = "freed in the first section")
  @Outcome(id = "0, 0, 1", expect = FORBIDDEN, desc = "freed while the second section holds the old pointer")
  @State
  public static class Announcement extends Shared {

    /** For the runner. */
    public Announcement() {
      super(EARLIER);
    }

    /**
     * Two sections and an announcement.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(III_Result r) {
      r.r1 = pointer.getAcquire() == OLD ? contents.getOpaque() : KEPT;
      slot.setRelease(epoch.getAcquire());
      r.r2 = pointer.getAcquire();
    }

    /**
     * Unlinks, looks and frees.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(III_Result r) {
      r.r3 = unlinkAndScan();
      freeIf(r.r3);
    }
  }

  /** Opaque orders nothing. */
  @BrokenTwin(seenOn = WEAK_PROCESSORS)
  @JCStressTest
  @Description("As the first half of Announcement, but the slot is stored opaque: on a processor that lets a store"
      + " overtake an earlier load, the announcement is seen before the look at the contents has happened.")
  @Outcome(id = {"0, 0", "0, 1"}, expect = ACCEPTABLE, desc = "contents, verdict")
  @Outcome(id = {"1, 0", "1, 1"}, expect = ACCEPTABLE_INTERESTING, desc = "freed in the section before")
  @State
  public static class OpaqueAnnouncement extends Shared {

    /** For the runner. */
    public OpaqueAnnouncement() {
      super(EARLIER);
      epoch.setPlain(PRESENT);
    }

    /**
     * A section and an announcement.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      r.r1 = contents.getOpaque();
      slot.setOpaque(PRESENT);
    }

    /**
     * Looks and frees.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      r.r2 = scan();
      freeIf(r.r2);
    }
  }

  /** The one mistake that qsbr leaves to its user. */
  @BrokenTwin
  @JCStressTest
  @Description("Reader: load pointer; announce; look at contents. Writer as in Announcement. The announcement says that"
      + " the reader holds nothing, and it holds the old pointer.")
  @Outcome(id = {"0, 0", "0, 1"}, expect = ACCEPTABLE, desc = "contents, verdict")
  @Outcome(id = {"1, 0", "1, 1"}, expect = ACCEPTABLE_INTERESTING, desc = "freed under a reader that said otherwise")
  @State
  public static class QuiescentInside extends Shared {

    /** For the runner. */
    public QuiescentInside() {
      super(EARLIER);
    }

    /**
     * An announcement inside a section.
     *
     * @param r the result that is seen
     */
    @Actor
    public void reader(II_Result r) {
      boolean old = pointer.getAcquire() == OLD;
      slot.setRelease(epoch.getAcquire());
      r.r1 = old ? contents.getOpaque() : KEPT;
    }

    /**
     * Unlinks, looks and frees.
     *
     * @param r the result that is seen
     */
    @Actor
    public void writer(II_Result r) {
      r.r2 = unlinkAndScan();
      freeIf(r.r2);
    }
  }

  /** Coming online has the entry race of epoch; here without fence Q. */
  @BrokenTwin
  @JCStressTest
  @Description("Reader, offline: online: slot = epoch, and no fence; load pointer. Writer as in Announcement.")
  @Outcome(id = {"0, 0", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "pointer, verdict")
  @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "seen offline while it loads the old pointer")
  @State
  public static class UnfencedOnline extends Shared {

    /** For the runner. */
    public UnfencedOnline() {
      super(OUTSIDE);
    }

    /**
     * Comes online and loads.
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
}
