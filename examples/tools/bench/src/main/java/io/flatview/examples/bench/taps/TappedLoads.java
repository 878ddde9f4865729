package io.flatview.examples.bench.taps;

import io.flatview.memory.MapReader;
import io.flatview.rcu.ReadSection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Loads of 4 bytes, a section for each sixteen. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class TappedLoads {

  private static final int PER_SECTION = 16;

  private int next;

  /**
   * Loads.
   *
   * @param machine the machine whose memory is loaded
   * @param own the reader
   * @return the sum of what is there
   */
  @Benchmark
  @OperationsPerInvocation(TapMachine.ADDRESSES)
  public long load(TapMachine machine, TapReader own) {
    long sum = 0;
    for (int i = 0; i < TapMachine.ADDRESSES; i += PER_SECTION) {
      sum += some(machine, own.reader, i);
    }
    return sum;
  }

  private static long some(TapMachine machine, MapReader reader, int from) {
    long sum = 0;
    try (ReadSection _ = reader.enter()) {
      for (int i = from; i < from + PER_SECTION; i++) {
        sum += reader.load(machine.space, machine.addresses[i], 4);
      }
    }
    return sum;
  }

  /**
   * Attaches a tap and removes it.
   *
   * @param machine the machine that the tap is attached to
   */
  @Benchmark
  public void attachAndRemove(TapMachine machine) {
    next = next + 7919 & Integer.MAX_VALUE;
    machine.attach(next).close();
  }
}
