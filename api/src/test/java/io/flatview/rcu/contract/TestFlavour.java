package io.flatview.rcu.contract;

import io.flatview.rcu.spi.EpochCounter;
import io.flatview.rcu.spi.Flavour;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.Slot;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;
import java.util.List;

/** The least flavour that is right, and broken twins of it. */
final class TestFlavour implements Flavour {

  private final EpochCounter epoch = new EpochCounter();
  private final boolean fenced;
  private final boolean waits;
  private final boolean trusting;

  private TestFlavour(boolean fenced, boolean waits, boolean trusting) {
    this.fenced = fenced;
    this.waits = waits;
    this.trusting = trusting;
  }

  /** Right: its readers mark and fence, and are waited for. */
  static TestFlavour sound() {
    return new TestFlavour(true, true, false);
  }

  /** Broken: its readers mark without a fence, so that a load may overtake the mark. */
  static TestFlavour unfenced() {
    return new TestFlavour(false, true, false);
  }

  /** Broken: its writer looks at no reader. */
  static TestFlavour blind() {
    return new TestFlavour(true, false, false);
  }

  /** Broken: a thread that takes a reader over does not see an entry of the former user that is still on its way. */
  static TestFlavour trusting() {
    return new TestFlavour(false, true, true);
  }

  @Override
  public String name() {
    return "test";
  }

  @Override
  public SlotReader newReader(Registration registration) {
    return new TestReader(registration, epoch, fenced, trusting);
  }

  @Override
  public Scan begin(List<SlotReader> readers) {
    Scan scan = epoch.begin(readers);
    return waits ? scan : () -> true;
  }

  private static final class TestReader extends SlotReader {

    private final EpochCounter epoch;
    private final boolean fenced;
    private final boolean trusting;

    TestReader(Registration registration, EpochCounter epoch, boolean fenced, boolean trusting) {
      super(registration);
      this.epoch = epoch;
      this.fenced = fenced;
      this.trusting = trusting;
    }

    @Override
    protected void fenceUser() {
      if (!trusting) {
        super.fenceUser();
      }
    }

    @Override
    protected void open(Slot own) {
      setSlotOpaque(own, epoch.getAcquire());
      if (fenced) {
        VarHandle.fullFence(); // pairs with fence B of the engine
      }
    }

    @Override
    protected void shut(Slot own) {
      setSlotRelease(own, 0);
    }
  }
}
