package io.flatview.examples.races.fourth;

import io.flatview.rcu.spi.Flavour;
import io.flatview.rcu.spi.Registration;
import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.SlotReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  /** A section that ends and another that begins also change the number: the new one sees the unlinking. */
  @Override
  public Scan begin(List<SlotReader> readers) {
    Map<SequenceReader, Long> inside = new HashMap<>();
    for (SlotReader reader : readers) {
      SequenceReader known = (SequenceReader) reader;
      long number = known.section();
      if (number != 0) {
        inside.put(known, number);
      }
    }
    return () -> {
      inside.entrySet().removeIf(entry -> entry.getKey().section() != entry.getValue());
      return inside.isEmpty();
    };
  }
}
