package io.flatview.examples.bench.commit;

import io.flatview.examples.bench.map.FlatRange;
import io.flatview.examples.bench.map.Topology;
import io.flatview.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Commits, from begin until they have returned; another thread reclaims replaced objects meanwhile. */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Commits {

  private static final long RANDOM_SEED = 0xC0FFEE;

  /**
   * One device of a page comes or goes.
   *
   * @param map of many more
   * @return the generation
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public long toggle(Full map) {
    return map.map.toggle();
  }

  /**
   * Any device of a page comes or goes, at random.
   *
   * @param map of many more
   * @return the generation
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public long toggleAny(Full map) {
    return map.map.toggleAny(map.random);
  }

  /**
   * One device that one of many address spaces shows comes or goes.
   *
   * @param spaces all of them
   * @return the generation
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public long toggleInOneSpace(Spaces spaces) {
    return spaces.map.toggle(spaces.own);
  }

  /**
   * One device that all of many address spaces show comes or goes.
   *
   * @param spaces all of them
   * @return the generation
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public long toggleInAllSpaces(Spaces spaces) {
    return spaces.map.toggle();
  }

  /**
   * One device that many address spaces on one root show comes or goes.
   *
   * @param spaces all of them
   * @return the generation
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public long toggleOnOneRoot(SpacesOnOneRoot spaces) {
    return spaces.map.toggle();
  }

  /**
   * One device of a page comes or goes, while there are many readers.
   *
   * @param crowd the map and its readers, outside sections
   * @return the generation
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public long toggleBesideReaders(Crowded crowd) {
    return crowd.map.toggle();
  }

  /**
   * All regions of a map are made and placed in one transaction.
   *
   * @param empty the map that they are placed in
   * @return the map
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  public Object build(Empty empty) {
    empty.map.place(empty.ranges);
    return empty.map;
  }

  private static void warmUp(int millis, LongSupplier commit) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      commit.getAsLong();
    }
  }

  /** A map. */
  @State(Scope.Benchmark)
  public static class Full {

    /** Layout and number of devices. */
    @Param("gap-1000")
    public String topology;

    /** How long commits are made before any counts: it takes the compiler some hundred thousand to be done. */
    @Param("0")
    public int warmMillis;

    private final SplittableRandom random = new SplittableRandom(RANDOM_SEED);
    private DeviceMap map;

    /**
     * Builds it.
     *
     * @param benchmark that which warms up
     */
    @Setup
    public void open(BenchmarkParams benchmark) {
      map = DeviceMap.of(topology);
      warmUp(warmMillis, benchmark.getBenchmark().endsWith("Any") ? () -> map.toggleAny(random) : map::toggle);
    }

    /** Closes it. */
    @TearDown
    public void close() {
      map.close();
    }
  }

  /** A map that many address spaces show. */
  @State(Scope.Benchmark)
  public static class Spaces {

    /** Layout and number of devices. */
    @Param("gap-100")
    public String topology;

    /** How many address spaces, besides the two that every map has. */
    @Param("1")
    public int spaces;

    /** How long commits are made before any counts. */
    @Param("0")
    public int warmMillis;

    private DeviceMap map;
    private MemoryRegion own;

    /** Builds it. */
    @Setup
    public void open() {
      map = DeviceMap.of(topology);
      own = map.openSpaces(spaces);
      warmUp(warmMillis, () -> map.toggle(own));
    }

    /** Closes it. */
    @TearDown
    public void close() {
      map.close();
    }
  }

  /** A map that many address spaces show, all from the same root. */
  @State(Scope.Benchmark)
  public static class SpacesOnOneRoot {

    /** Layout and number of devices. */
    @Param("gap-100")
    public String topology;

    /** How many address spaces, besides that of the ports. */
    @Param("2")
    public int spaces;

    /** How long commits are made before any counts. */
    @Param("0")
    public int warmMillis;

    private DeviceMap map;

    /** Builds it. */
    @Setup
    public void open() {
      map = DeviceMap.of(topology);
      map.openSpacesOnOneRoot(spaces - 1);
      warmUp(warmMillis, map::toggle);
    }

    /** Closes it. */
    @TearDown
    public void close() {
      map.close();
    }
  }

  /** A map that many readers may read. */
  @State(Scope.Benchmark)
  public static class Crowded {

    /** How many readers. */
    @Param("1")
    public int readers;

    /** How long commits are made before any counts. */
    @Param("0")
    public int warmMillis;

    private final List<Runnable> closes = new ArrayList<>();
    private DeviceMap map;

    /** Builds it, and registers the readers. */
    @Setup
    public void open() {
      map = DeviceMap.of("gap-100");
      for (int i = 0; i < readers; i++) {
        closes.add(map.memory.newReader("reader " + i)::close);
      }
      warmUp(warmMillis, map::toggle);
    }

    /** Closes it. */
    @TearDown
    public void close() {
      closes.forEach(Runnable::run);
      map.close();
    }
  }

  /** A map in which nothing is placed yet. */
  @State(Scope.Benchmark)
  public static class Empty {

    /** Layout and number of devices. */
    @Param("gap-10000")
    public String topology;

    /** How long maps are built before any counts. */
    @Param("0")
    public int warmMillis;

    private List<FlatRange> ranges;
    private DeviceMap map;

    /** Draws the places. */
    @Setup
    public void draw() {
      ranges = Topology.named(topology).ranges();
      warmUp(warmMillis, this::build);
    }

    private long build() {
      try (DeviceMap built = new DeviceMap()) {
        built.place(ranges);
        return built.memory.generation();
      }
    }

    /** An empty one for each time. */
    @Setup(Level.Invocation)
    public void open() {
      map = new DeviceMap();
    }

    /** Closes it. */
    @TearDown(Level.Invocation)
    public void close() {
      map.close();
    }
  }
}
