package io.flatview.examples.bench.run;

/**
 * How thoroughly to measure.
 *
 * @param name for the report
 * @param forks how many JVMs, one after the other; 0 stays in this one
 * @param warmups how many iterations are thrown away
 * @param iterations how many count
 * @param millis how long an iteration is
 * @param objects how many objects are retired at once
 * @param rounds how many rounds a virtual thread runs
 */
public record Length(String name, int forks, int warmups, int iterations, long millis, int objects, int rounds) {

  /** For figures to rely on. */
  public static final Length FULL = new Length("full", 3, 2, 4, 250, 5_000_000, 100);

  /** For the shape of the figures. */
  public static final Length QUICK = new Length("quick", 1, 1, 2, 200, 1_000_000, 20);

  /** To see that everything runs. */
  public static final Length SMOKE = new Length("smoke", 0, 0, 1, 10, 10_000, 1);
}
