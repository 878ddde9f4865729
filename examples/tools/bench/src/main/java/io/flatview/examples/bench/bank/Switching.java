package io.flatview.examples.bench.bank;

import io.flatview.rcu.ThreadConfined;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Selects at random, and loads single bytes at random addresses after each selection. A run is one section. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@ThreadConfined
public class Switching {

  private static final int RUN = 64;
  private static final int PATTERN = 1 << 12;

  /** The banks that are switched, by the name of a {@link Layout}. */
  @Param({"WINDOW", "SIX_WINDOWS", "OVERLAY"})
  public String layout;

  /** How: arrays, banks, cached, spaces, commits. */
  @Param({"arrays", "banks", "cached", "spaces", "commits"})
  public String way;

  /** How many bytes are loaded after a selection. */
  @Param({"1", "200"})
  public int loads;

  private final LongSupplier run = this::run;
  private final int[] choices = new int[PATTERN];
  private final int[] addresses = new int[PATTERN];
  private int choice;
  private int address;
  private Bus bus;

  /** Builds the machine and the pattern. */
  @Setup
  public void open() {
    Layout of = Layout.valueOf(layout);
    bus = bus(of);
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < PATTERN; i++) {
      choices[i] = random.nextInt(of.choices);
      addresses[i] = of.first + random.nextInt(of.length);
    }
  }

  private Bus bus(Layout of) {
    return switch (way) {
      case "arrays" -> new ArrayBus(of);
      case "banks" -> new BankBus(of);
      case "cached" -> new CachedBankBus(of);
      case "spaces" -> new SpaceBus(of);
      case "commits" -> new CommitBus(of);
      default -> throw new IllegalArgumentException("no such way to switch: " + way);
    };
  }

  /**
   * Selects and loads.
   *
   * @return the sum of what is there
   */
  @Benchmark
  @OperationsPerInvocation(RUN)
  public long selectAndLoad() {
    return bus.run(run);
  }

  private long run() {
    long sum = 0;
    for (int i = 0; i < RUN; i++) {
      bus.select(choices[choice++ & PATTERN - 1]);
      sum += load();
    }
    return sum;
  }

  private long load() {
    long sum = 0;
    for (int i = 0; i < loads; i++) {
      sum += bus.load(addresses[address++ & PATTERN - 1]);
    }
    return sum;
  }

  /** Takes it apart. */
  @TearDown
  public void close() {
    bus.close();
  }
}
