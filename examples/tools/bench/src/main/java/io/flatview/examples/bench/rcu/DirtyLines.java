package io.flatview.examples.bench.rcu;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Memory of a thread's own, larger than its caches. */
@State(Scope.Thread)
public class DirtyLines {

  private static final int INDEX_BITS = 24;
  private static final int STORES = 4;
  private static final long MULTIPLIER = 6_364_136_223_846_793_005L;

  private final int[] memory = new int[1 << INDEX_BITS];
  private long random = 1;

  /** Leaves four stores in the store buffer, each of which misses the caches. */
  void dirty() {
    for (int i = 0; i < STORES; i++) {
      random = random * MULTIPLIER + 1;
      memory[(int) (random >>> (Long.SIZE - INDEX_BITS))] = i;
    }
  }
}
