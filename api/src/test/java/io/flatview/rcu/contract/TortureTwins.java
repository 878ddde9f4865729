package io.flatview.rcu.contract;

import io.flatview.rcu.spi.Flavour;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.Slot;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Flavours that are broken in the algorithm rather than in a fence, for the torture to catch. */
final class TortureTwins {

  private TortureTwins() {}

  /** Broken: its grace periods end by a scan that began before what they cover was unlinked. */
  static Flavour scanningBeforePublication() {
    return new Stale();
  }

  /** Broken: a straggler, delayed between reading the phase and counting itself in, is overlooked. */
  static Flavour onePass(Runnable delay) {
    return new Counting(false, delay);
  }

  /** Right, and with the same stragglers. */
  static Flavour twoPasses(Runnable delay) {
    return new Counting(true, delay);
  }

  private static final class Stale implements Flavour {

    private final Flavour sound = TestFlavour.sound();
    private Scan last = () -> true;

    @Override
    public String name() {
      return "stale";
    }

    @Override
    public SlotReader newReader(Registration registration) {
      return sound.newReader(registration);
    }

    @Override
    public Scan begin(List<SlotReader> readers) {
      Scan stale = last;
      last = sound.begin(readers);
      return stale;
    }
  }

  private static final class Counting implements Flavour {

    private final AtomicInteger phase = new AtomicInteger();
    private final AtomicIntegerArray counters = new AtomicIntegerArray(2);
    private final boolean looksAtIdle;
    private final Runnable delay;

    Counting(boolean looksAtIdle, Runnable delay) {
      this.looksAtIdle = looksAtIdle;
      this.delay = delay;
    }

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public SlotReader newReader(Registration registration) {
      return new Straggler(registration, phase, counters, delay);
    }

    @Override
    public Scan begin(List<SlotReader> readers) {
      return looksAtIdle ? new BothPhases() : flip();
    }

    /** One pass. */
    private Scan flip() {
      int active = phase.getPlain();
      phase.setRelease(1 - active);
      return () -> counters.get(active) == 0;
    }

    /** Another one before it. */
    private final class BothPhases implements Scan {

      private final int idle = 1 - phase.getPlain();
      private Scan second;

      @Override
      public boolean isOver() {
        if (second == null && counters.get(idle) == 0) {
          second = flip();
        }
        return second != null && second.isOver();
      }
    }
  }

  /** Reads the phase, and is delayed before it counts itself in. */
  private static final class Straggler extends SlotReader {

    private final AtomicInteger phase;
    private final AtomicIntegerArray counters;
    private final Runnable delay;

    Straggler(Registration registration, AtomicInteger phase, AtomicIntegerArray counters, Runnable delay) {
      super(registration);
      this.phase = phase;
      this.counters = counters;
      this.delay = delay;
    }

    @Override
    protected void open(Slot own) {
      int current = phase.getAcquire();
      setSlotOpaque(own, current + 1L);
      delay.run();
      counters.incrementAndGet(current);
      VarHandle.fullFence(); // pairs with fence B of the engine
    }

    @Override
    protected void shut(Slot own) {
      int entered = (int) getSlotAcquire() - 1;
      setSlotRelease(own, 0);
      counters.decrementAndGet(entered);
    }
  }
}
