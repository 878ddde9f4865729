package io.flatview.iommu.spec;

import java.util.Random;
import java.util.function.Supplier;

/** Random cases and commands, from a seed, until something differs. */
public final class Comparison implements Supplier<String> {

  private final long seed;
  private final int requests;
  private final int commands;

  /**
   * A comparison to be made.
   *
   * @param seed of all that is random
   * @param requests how many at the least
   * @param commands how many
   */
  public Comparison(long seed, int requests, int commands) {
    this.seed = seed;
    this.requests = requests;
    this.commands = commands;
  }

  /** Makes it; gives the smallest case found that differs, or the empty string. */
  @Override
  public String get() {
    Machine[] machines = new Machine[Machine.COUNT];
    try {
      for (int i = 0; i < machines.length; i++) {
        machines[i] = new Machine(i);
      }
      String difference = compareRequests(machines);
      return difference.isEmpty() ? compareCommands(machines) : difference;
    } finally {
      for (Machine machine : machines) {
        if (machine != null) {
          machine.close();
        }
      }
    }
  }

  private String compareRequests(Machine[] machines) {
    int done = 0;
    for (long number = 0; done < requests; number++) {
      Random random = new Random(seed * 0x9e37_79b9L + number);
      int which = random.nextInt(machines.length);
      Case scene = new Generator(random, which).make();
      if (machines[which].differs(scene) != null) {
        Case small = new Shrinker(other -> machines[which].differs(other) != null).shrink(scene);
        return machines[which].differs(small) + "\n" + small;
      }
      done += scene.requests().size();
    }
    return "";
  }

  private String compareCommands(Machine[] machines) {
    Random random = new Random(seed);
    for (int i = 0; i < commands; i++) {
      String difference = machines[random.nextInt(machines.length)].commandDiffers(random);
      if (difference != null) {
        return difference;
      }
    }
    return "";
  }
}
