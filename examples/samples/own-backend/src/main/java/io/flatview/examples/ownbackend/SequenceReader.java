package io.flatview.examples.ownbackend;

import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Slot;
import io.flatview.rcu.spi.SlotReader;
import java.lang.invoke.VarHandle;

/** Shows the number of its section while it is inside, and 0 while it is not. */
final class SequenceReader extends SlotReader {

  private long sections;

  SequenceReader(Registration registration) {
    super(registration);
  }

  /** For the scan: the section that is open, or 0. */
  long section() {
    return getSlotAcquire();
  }

  @Override
  protected void open(Slot own) {
    sections++;
    setSlotOpaque(own, sections);
    VarHandle.fullFence(); // pairs with the fence of the engine before the scan
  }

  @Override
  protected void shut(Slot own) {
    setSlotRelease(own, 0); // pairs with the acquire of the scan
  }
}
