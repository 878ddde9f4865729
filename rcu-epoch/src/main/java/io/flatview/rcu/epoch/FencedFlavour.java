package io.flatview.rcu.epoch;

import io.flatview.rcu.spi.EpochCounter;
import io.flatview.rcu.spi.Flavour;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.SlotReader;
import java.util.List;

/** The portable form: a grace period raises the epoch and waits for every reader with an older epoch. */
final class FencedFlavour implements Flavour {

  private final EpochCounter epoch = new EpochCounter();

  @Override
  public String name() {
    return EpochPolicyProvider.NAME;
  }

  @Override
  public SlotReader newReader(Registration registration) {
    return new FencedReader(registration, epoch);
  }

  @Override
  public Scan begin(List<SlotReader> readers) {
    return epoch.begin(readers);
  }
}
