package io.flatview.examples.bench.translate;

import io.flatview.examples.bench.map.AddressStream;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.infra.Blackhole;

/** One pass over a stream. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(AddressStream.LENGTH)
public class Translate {

  private static final int PER_SECTION = 16;

  /**
   * Sixteen translations in each section.
   *
   * @param own the reader
   * @param blackhole takes the sections
   * @return the sum of the offsets
   */
  @Benchmark
  public long translate(OwnReader own, Blackhole blackhole) {
    long[] addresses = own.addresses;
    long sum = 0;
    for (int i = 0; i < addresses.length; i += PER_SECTION) {
      sum += translateSome(own.reader, own.space, addresses, i, blackhole);
    }
    return sum;
  }

  private static long translateSome(
      MapReader reader, AddressSpace space, long[] addresses, int from, Blackhole blackhole) {
    long sum = 0;
    try (ReadSection _ = reader.enter()) {
      for (int i = from; i < from + PER_SECTION; i++) {
        Translation found = reader.translate(space, addresses[i], 4, Access.READ);
        blackhole.consume(found.section());
        sum += found.offset();
      }
    }
    return sum;
  }

  /**
   * A section around each translation.
   *
   * @param own the reader
   * @param blackhole takes the sections
   * @return the sum of the offsets
   */
  @Benchmark
  public long translateEach(OwnReader own, Blackhole blackhole) {
    MapReader reader = own.reader;
    long sum = 0;
    for (long address : own.addresses) {
      try (ReadSection _ = reader.enter()) {
        Translation found = reader.translate(own.space, address, 4, Access.READ);
        blackhole.consume(found.section());
        sum += found.offset();
      }
    }
    return sum;
  }

  /**
   * Sixteen loads in each section.
   *
   * @param own the reader
   * @return the sum of the values
   */
  @Benchmark
  public long load(OwnReader own) {
    long[] addresses = own.addresses;
    long sum = 0;
    for (int i = 0; i < addresses.length; i += PER_SECTION) {
      sum += loadSome(own.reader, own.space, addresses, i);
    }
    return sum;
  }

  private static long loadSome(MapReader reader, AddressSpace space, long[] addresses, int from) {
    long sum = 0;
    try (ReadSection _ = reader.enter()) {
      for (int i = from; i < from + PER_SECTION; i++) {
        sum += reader.load(space, addresses[i], 4);
      }
    }
    return sum;
  }

  /**
   * Loads outside any section: each has one of its own.
   *
   * @param own the reader
   * @return the sum of the values
   */
  @Benchmark
  public long loadEach(OwnReader own) {
    long sum = 0;
    for (long address : own.addresses) {
      sum += own.reader.load(own.space, address, 4);
    }
    return sum;
  }

  /**
   * Stores outside any section.
   *
   * @param own the reader
   * @return how many went well
   */
  @Benchmark
  public int storeEach(OwnReader own) {
    int done = 0;
    for (long address : own.addresses) {
      done += own.reader.store(own.space, address, 4, address).isOk() ? 1 : 0;
    }
    return done;
  }
}
