package io.flatview.examples.ownbackend;

import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.SlotReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sections that were open when a grace period began, by the number that each reader showed then. */
final class SequenceScan implements Scan {

  private final Map<SlotReader, Long> inside = new HashMap<>();

  SequenceScan(List<SlotReader> readers) {
    for (SlotReader reader : readers) {
      long section = sectionOf(reader);
      if (section != 0) {
        inside.put(reader, section);
      }
    }
  }

  /** A section that ends and another that begins also change the number: the new one sees the unlinking. */
  @Override
  public boolean isOver() {
    inside.entrySet().removeIf(entry -> sectionOf(entry.getKey()) != entry.getValue());
    return inside.isEmpty();
  }

  /** For reports of stalls: not every reader that happens to be inside. */
  @Override
  public boolean isHeldUpBy(SlotReader reader) {
    return inside.containsKey(reader);
  }

  private static long sectionOf(SlotReader reader) {
    return ((SequenceReader) reader).section();
  }
}
