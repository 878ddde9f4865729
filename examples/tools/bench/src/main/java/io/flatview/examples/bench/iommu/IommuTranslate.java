package io.flatview.examples.bench.iommu;

import io.flatview.memory.Access;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ReadSection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** One pass over a pattern of addresses, a section for each sixteen. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(IommuMachine.ADDRESSES)
public class IommuTranslate {

  private static final int PER_SECTION = 16;

  /**
   * Translates.
   *
   * @param machine the machine whose address is translated
   * @param own the reader
   * @return the sum of where the addresses lead
   */
  @Benchmark
  public long translate(IommuMachine machine, DmaReader own) {
    long sum = 0;
    for (int i = 0; i < IommuMachine.ADDRESSES; i += PER_SECTION) {
      sum += some(machine, own.reader, i);
    }
    return sum;
  }

  private static long some(IommuMachine machine, MapReader reader, int from) {
    long sum = 0;
    try (ReadSection _ = reader.enter()) {
      for (int i = from; i < from + PER_SECTION; i++) {
        sum += reader.translate(machine.space, machine.addresses[i], 4, Access.READ).offset();
      }
    }
    return sum;
  }

  /**
   * Loads 4 bytes.
   *
   * @param machine the machine whose memory is loaded
   * @param own the reader
   * @return the sum of what is there
   */
  @Benchmark
  public long load(IommuMachine machine, DmaReader own) {
    long sum = 0;
    for (int i = 0; i < IommuMachine.ADDRESSES; i += PER_SECTION) {
      try (ReadSection _ = own.reader.enter()) {
        for (int at = i; at < i + PER_SECTION; at++) {
          sum += own.reader.load(machine.space, machine.addresses[at], 4);
        }
      }
    }
    return sum;
  }
}
