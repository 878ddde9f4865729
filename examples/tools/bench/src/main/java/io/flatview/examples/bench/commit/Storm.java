package io.flatview.examples.bench.commit;

import io.flatview.examples.bench.run.Histogram;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ThreadConfined;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Loads from RAM, each in a section of its own and timed alone, while another thread commits. */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Storm {

  private static final int LOADS = 10_000;
  private static final double SHARE = 0.9999;
  private static final long RAM = 0x1_0000_0000L;
  private static final long MASK = 0xff_fff8;

  /**
   * Loads at random addresses.
   *
   * @param storm the map, and the thread that changes it
   * @param rare gets the time that one load of 10,000 exceeds
   * @return a sum of the values
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OperationsPerInvocation(LOADS)
  public long load(Changing storm, Rare rare) {
    long sum = 0;
    long at = rare.at;
    for (int i = 0; i < LOADS; i++) {
      at = at * 6364136223846793005L + 1442695040888963407L;
      long before = System.nanoTime();
      sum += rare.reader.load(storm.space, RAM + (at >>> 32 & MASK), Long.BYTES);
      rare.times.add(System.nanoTime() - before);
    }
    rare.at = at;
    rare.peak = rare.times.quantile(SHARE);
    return sum;
  }

  /** The reader, and the times of one measurement. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  @ThreadConfined
  public static class Rare {

    /** The time that one load of 10,000 exceeds, in nanoseconds; JMH resets it. */
    public long peak;

    private MapReader reader;
    private Histogram times;
    private long at = 1;

    /**
     * Forgets the times before.
     *
     * @param storm the map to read
     */
    @Setup(Level.Iteration)
    public void begin(Changing storm) {
      times = new Histogram();
      reader = storm.map.memory.newReader("reader");
    }

    /** Closes the reader. */
    @TearDown(Level.Iteration)
    public void end() {
      reader.close();
    }
  }

  /** A map of 1,000 devices and RAM that one thread changes all the time. */
  @State(Scope.Benchmark)
  public static class Changing {

    /** The number of commits a second; 0 for none, and -1 for as many as one thread can make. */
    @Param("0")
    public int commits;

    private DeviceMap map;
    private AddressSpace space;
    private Thread writer;
    private volatile boolean ended;

    /** Builds it, and begins to change it. */
    @Setup
    public void open() {
      map = DeviceMap.of("gap-1000");
      MemoryRegion ram = map.memory.ram("stormed", Size.mib(16));
      map.memory.update(tx -> tx.addSubregion(map.system, RAM, ram));
      space = map.memory.addressSpaces().getFirst();
      writer = Thread.ofPlatform().daemon().name("storm").start(this::change);
    }

    private void change() {
      long pause = commits > 0 ? TimeUnit.SECONDS.toNanos(1) / commits : Long.MAX_VALUE;
      while (!ended) {
        if (commits != 0) {
          map.toggle();
        }
        if (commits >= 0) {
          LockSupport.parkNanos(pause);
        }
      }
    }

    /**
     * Ends the changes, and closes the map.
     *
     * @throws InterruptedException if JMH gives up
     */
    @TearDown
    public void close() throws InterruptedException {
      ended = true;
      LockSupport.unpark(writer);
      writer.join();
      map.close();
    }
  }
}
