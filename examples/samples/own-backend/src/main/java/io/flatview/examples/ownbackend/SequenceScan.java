package io.flatview.examples.ownbackend;

import io.flatview.rcu.spi.Scan;
import io.flatview.rcu.spi.SlotReader;
import java.util.List;

/** The sections that were open when a grace period began, by the number that each reader showed then. */
final class SequenceScan implements Scan {

  private final SequenceReader[] inside;
  private final long[] sections;
  private int count;

  SequenceScan(List<SlotReader> readers) {
    inside = new SequenceReader[readers.size()];
    sections = new long[readers.size()];
    for (SlotReader reader : readers) {
      add((SequenceReader) reader);
    }
  }

  private void add(SequenceReader reader) {
    long section = reader.section();
    if (section != 0) {
      keep(count++, reader, section);
    }
  }

  /** A section that ends and another that begins also change the number: the new one sees the unlinking. */
  @Override
  public boolean isOver() {
    int left = 0;
    for (int i = 0; i < count; i++) {
      if (inside[i].section() == sections[i]) {
        keep(left++, inside[i], sections[i]);
      }
    }
    count = left;
    return left == 0;
  }

  private void keep(int place, SequenceReader reader, long section) {
    inside[place] = reader;
    sections[place] = section;
  }

  /** For reports of stalls: not every reader that happens to be inside. */
  @Override
  public boolean isHeldUpBy(SlotReader reader) {
    for (int i = 0; i < count; i++) {
      if (inside[i] == reader) {
        return true;
      }
    }
    return false;
  }
}
