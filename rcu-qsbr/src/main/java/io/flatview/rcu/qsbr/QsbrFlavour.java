package io.flatview.rcu.qsbr;

import io.flatview.rcu.spi.EpochCounter;
import io.flatview.rcu.spi.Flavour;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.SlotReader;
import java.util.List;

/** A grace period raises a number, and waits until every online reader has announced the new number. */
final class QsbrFlavour implements Flavour {

  private final EpochCounter epoch = new EpochCounter();

  @Override
  public String name() {
    return QsbrPolicyProvider.NAME;
  }

  @Override
  public SlotReader newReader(Registration registration) {
    return registration.isImplicit()
        ? new SectionReader(registration, epoch)
        : new AnnouncingReader(registration, epoch);
  }

  @Override
  public Scan begin(List<SlotReader> readers) {
    return epoch.begin(readers);
  }
}
