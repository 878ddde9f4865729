package io.flatview.examples.bench.commit;

import io.flatview.examples.bench.map.FlatRange;
import io.flatview.examples.bench.map.Topology;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The heap that maps take: the memory in use after they are made, less that before. */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@BenchmarkMode(Mode.SingleShotTime)
public class Footprint {

  private static final int COLLECTIONS = 3;

  /** How much. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Bytes {

    /** For each that was made. */
    public double peak;
  }

  /** The map to make. */
  @State(Scope.Benchmark)
  public static class Plan {

    /** Layout and number of devices. */
    @Param("gap-10000")
    public String topology;

    /** How many address spaces. */
    @Param("1000")
    public int spaces;
  }

  /**
   * A mapped range: the region, its sections in the view, and its part of the page table.
   *
   * @param plan the number of ranges
   * @param bytes the counter of bytes in use
   */
  @Benchmark
  public void range(Plan plan, Bytes bytes) {
    List<FlatRange> ranges = Topology.named(plan.topology).ranges();
    try (DeviceMap map = new DeviceMap()) {
      long before = used(map);
      map.place(ranges);
      bytes.peak = (double) (used(map) - before) / ranges.size();
    }
  }

  /**
   * An address space with a root of its own, in which a map of 100 devices shows and one device more.
   *
   * @param plan the number of address spaces
   * @param bytes the counter of bytes in use
   */
  @Benchmark
  public void space(Plan plan, Bytes bytes) {
    try (DeviceMap map = DeviceMap.of("gap-100")) {
      long before = used(map);
      map.openSpaces(plan.spaces);
      bytes.peak = (double) (used(map) - before) / plan.spaces;
    }
  }

  private static long used(DeviceMap map) {
    map.settle();
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
