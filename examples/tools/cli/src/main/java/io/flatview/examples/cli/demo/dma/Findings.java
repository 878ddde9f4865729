package io.flatview.examples.cli.demo.dma;

import java.util.ArrayList;
import java.util.List;

/** Events that must not happen. Thread-safe. */
final class Findings {

  private static final int EXAMPLES = 5;

  private final List<String> examples = new ArrayList<>();
  private long count;

  synchronized void add(String what) {
    count++;
    if (examples.size() < EXAMPLES) {
      examples.add(what);
    }
  }

  synchronized long count() {
    return count;
  }

  synchronized List<String> examples() {
    return List.copyOf(examples);
  }
}
