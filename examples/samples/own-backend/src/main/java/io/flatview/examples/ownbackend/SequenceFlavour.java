package io.flatview.examples.ownbackend;

import io.flatview.rcu.spi.Flavour;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.SlotReader;
import java.util.List;

/** Each reader counts its sections; a grace period waits until every number that it found has changed. */
final class SequenceFlavour implements Flavour {

  static final String NAME = "sequence";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SlotReader newReader(Registration registration) {
    return new SequenceReader(registration);
  }

  @Override
  public Scan begin(List<SlotReader> readers) {
    return new SequenceScan(readers);
  }
}
