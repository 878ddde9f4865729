package io.flatview.examples.bench.translate;

import com.google.common.collect.ImmutableRangeMap;
import com.google.common.collect.Range;
import io.flatview.examples.bench.map.AddressStream;
import io.flatview.examples.bench.map.FlatRange;
import io.flatview.examples.bench.map.Topology;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The code that users would write without this library: the answer at an address, while a writer may come at any time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(AddressStream.LENGTH)
public class LookupBaselines {

  /** Of the map. */
  @Param({"q35"})
  public String map;

  /** Of the stream. */
  @Param({"HOT_RAM"})
  public AddressStream stream;

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final StampedLock stamped = new StampedLock();
  private final NavigableMap<Long, FlatRange> tree = new TreeMap<>();
  private final NavigableMap<Long, FlatRange> skipList = new ConcurrentSkipListMap<>();
  private long[] addresses;
  private volatile FlatRange[] sorted;
  private volatile ImmutableRangeMap<Long, FlatRange> guava;

  /** One way to find a range. */
  private interface Lookup {
    FlatRange at(long address);
  }

  /** Fills all of them. Addresses stay below 2^63, where signed keys sort like unsigned ones. */
  @Setup
  public void fill() {
    Topology topology = Topology.named(map);
    addresses = stream.over(topology);
    ImmutableRangeMap.Builder<Long, FlatRange> ranges = ImmutableRangeMap.builder();
    for (FlatRange range : topology.ranges()) {
      tree.put(range.first(), range);
      skipList.put(range.first(), range);
      ranges.put(Range.closed(range.first(), range.last()), range);
    }
    sorted = topology.ranges().toArray(FlatRange[]::new);
    guava = ranges.build();
  }

  private long pass(Lookup lookup) {
    long sum = 0;
    for (long address : addresses) {
      FlatRange found = lookup.at(address);
      sum += found == null ? address : address - found.first() + found.offset();
    }
    return sum;
  }

  private static FlatRange floor(NavigableMap<Long, FlatRange> ranges, long address) {
    Map.Entry<Long, FlatRange> entry = ranges.floorEntry(address);
    return entry != null && address <= entry.getValue().last() ? entry.getValue() : null;
  }

  /**
   * A tree under a read lock.
   *
   * @return the sum of the offsets
   */
  @Benchmark
  public long treeMapReadWriteLock() {
    return pass(address -> {
      lock.readLock().lock();
      try {
        return floor(tree, address);
      } finally {
        lock.readLock().unlock();
      }
    });
  }

  /**
   * A tree under a stamped read lock. An optimistic read of a tree that changes may loop, so it is no choice.
   *
   * @return the sum of the offsets
   */
  @Benchmark
  public long treeMapStampedLock() {
    return pass(address -> {
      long stamp = stamped.readLock();
      try {
        return floor(tree, address);
      } finally {
        stamped.unlockRead(stamp);
      }
    });
  }

  /**
   * A concurrent map.
   *
   * @return the sum of the offsets
   */
  @Benchmark
  public long skipListMap() {
    return pass(address -> floor(skipList, address));
  }

  /**
   * An immutable array behind a volatile reference.
   *
   * @return the sum of the offsets
   */
  @Benchmark
  public long sortedArray() {
    return pass(address -> search(sorted, address));
  }

  private static FlatRange search(FlatRange[] ranges, long address) {
    int low = 0;
    int high = ranges.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (ranges[middle].first() <= address) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    FlatRange found = ranges[low];
    return found.first() <= address && address <= found.last() ? found : null;
  }

  /**
   * Guava's immutable map behind a volatile reference.
   *
   * @return the sum of the offsets
   */
  @Benchmark
  public long guavaRangeMap() {
    return pass(address -> guava.get(address));
  }
}
