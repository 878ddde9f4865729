package io.flatview.rcu.contract;

import io.flatview.rcu.spi.EpochCounter;
import io.flatview.rcu.spi.Flavour;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;
import java.util.List;

/** The least flavour that is right, and broken twins of it. */
final class TestFlavour implements Flavour {

  private final EpochCounter epoch = new EpochCounter();
  private final boolean fenced;
  private final boolean waits;

  private TestFlavour(boolean fenced, boolean waits) {
    this.fenced = fenced;
    this.waits = waits;
  }

  /** Right: its readers mark and fence, and are waited for. */
  static TestFlavour sound() {
    return new TestFlavour(true, true);
  }

  /** Broken: its readers mark without a fence, so that a load may overtake the mark. */
  static TestFlavour unfenced() {
    return new TestFlavour(false, true);
  }

  /** Broken: its writer looks at nobody. */
  static TestFlavour blind() {
    return new TestFlavour(true, false);
  }

  @Override
  public String name() {
    return "test";
  }

  @Override
  public SlotReader newReader(Registration registration) {
    return new TestReader(registration, epoch, fenced);
  }

  @Override
  public Scan begin(List<SlotReader> readers) {
    Scan scan = epoch.begin(readers);
    return waits ? scan : () -> true;
  }

  private static final class TestReader extends SlotReader {

    private final EpochCounter epoch;
    private final boolean fenced;

    TestReader(Registration registration, EpochCounter epoch, boolean fenced) {
      super(registration);
      this.epoch = epoch;
      this.fenced = fenced;
    }

    @Override
    protected void open() {
      setSlotOpaque(epoch.getAcquire());
      if (fenced) {
        VarHandle.fullFence(); // pairs with fence B of the engine
      }
    }

    @Override
    protected void shut() {
      setSlotRelease(0);
    }
  }
}
