package io.flatview.dispatch.fault;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sweeps over operations on worlds made from seeds, until something is wrong or enough was tried. */
final class Campaign {

  private static final int OPERATIONS = 5;

  private final FaultLoader loader;
  private final int stride;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private int patienceSeconds = 60;
  private int operations;
  private int trials;

  /** With a mean distance of half a stride from one step that fails to the next. */
  Campaign(Twin twin, int stride) {
    this.loader = new FaultLoader(twin);
    this.stride = stride;
  }

  /** For a lock that is never given back. */
  Campaign impatient() {
    patienceSeconds = 3;
    return this;
  }

  /** Tries the operations of one seed; returns what is wrong with the first of them that fails. */
  List<String> run(long seed) {
    World world = World.of(seed, loader);
    world.patienceSeconds = patienceSeconds;
    for (int i = 0; i < OPERATIONS; i++) {
      List<String> failures = sweep(world);
      if (!failures.isEmpty()) {
        return List.of("-Dflatview.seed=" + seed + " " + failures.getFirst());
      }
    }
    world.close();
    return List.of();
  }

  private List<String> sweep(World world) {
    Sweep sweep;
    do {
      sweep = new Sweep(world, new Operations(world).any(), outcomes);
    } while (!sweep.learn());
    List<String> failures = sweep.run(stride, 1);
    operations++;
    trials += sweep.trials();
    return failures;
  }

  int trials() {
    return trials;
  }

  @Override
  public String toString() {
    return operations + " operations, " + trials + " trials, injected " + Faults.injected() + ", " + outcomes;
  }
}
