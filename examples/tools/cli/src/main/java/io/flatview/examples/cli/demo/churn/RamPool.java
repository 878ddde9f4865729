package io.flatview.examples.cli.demo.churn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Memory for plugging: half of what comes back is used again under another serial, half is given back to the system.
 * Used by the writer's thread, but for {@link #quiesced}.
 */
final class RamPool {

  private static final int MIN_CELLS = 4;
  private static final int MAX_CELLS = 16;
  private static final int STOCK = 6;

  private final Staging staging;
  private final SplittableRandom random;
  private final Deque<RamBlock> ready = new ArrayDeque<>();
  private final Queue<RamBlock> quiet = new ConcurrentLinkedQueue<>();

  RamPool(Staging staging, SplittableRandom random) {
    this.staging = staging;
    this.random = random;
  }

  /** Makes new memory if little is left. Outside transactions only, since the bench must show it before it is used. */
  void stock() {
    if (ready.size() < STOCK / 2) {
      ready.addAll(staging.allocate(random.ints(STOCK, MIN_CELLS, MAX_CELLS + 1).toArray()));
    }
  }

  boolean isEmpty() {
    return ready.isEmpty();
  }

  RamBlock take() {
    return ready.remove();
  }

  /** Takes back a block that no reader ever saw. */
  void giveBack(RamBlock block) {
    ready.add(block);
  }

  /** Takes back a block that no reader can see any more. Any thread. */
  void quiesced(RamBlock block) {
    quiet.add(block);
  }

  /** Poisons what came back. Outside transactions only. */
  void collect() {
    List<RamBlock> released = new ArrayList<>();
    for (RamBlock block = quiet.poll(); block != null; block = quiet.poll()) {
      staging.poison(block);
      (random.nextBoolean() ? ready : released).add(block);
    }
    release(released);
  }

  private void release(List<RamBlock> blocks) {
    if (!blocks.isEmpty()) {
      staging.release(blocks);
    }
  }

  void close() {
    collect();
    release(List.copyOf(ready));
  }
}
