package io.flatview.examples.bench.bus;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

/**
 * A program on one of five buses, all of which the process has used before with all programs: so the interpreter's
 * calls are of many kinds, as in an emulator, and what is compiled for one has seen the others.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(BusPrograms.INSTRUCTIONS)
public class BusPrograms {

  static final int INSTRUCTIONS = 1088 * 16;
  private static final int ADDRESSES = 1 << 14;
  private static final int WARMING = 40;
  private static final int PAGES = 1024;
  private static final long ROOT = Board.RAM;
  private static final long TABLES = Board.RAM + 0x1000;

  /** The numbers of devices with which this JVM has run all programs: a trial without a fork finds it warm. */
  private static final Set<Integer> WARM = ConcurrentHashMap.newKeySet();

  /** Which bus. */
  @Param({"SORTED_ARRAY"})
  public BusKind bus;

  /** Which program. */
  @Param({"RAM_LOADS"})
  public Program program;

  private List<Bus> all;
  private Interpreter interpreter;
  private int[] code;
  private long[] addresses;
  private long expected;

  /** Makes all buses, and uses them. */
  @Setup
  public void make() {
    all = Arrays.stream(BusKind.values()).map(kind -> kind.make(program.devices)).toList();
    all.forEach(BusPrograms::writeTables);
    if (WARM.add(program.devices)) {
      warm();
    }
    code = program.code();
    addresses = program.addresses(ADDRESSES);
    expected = new Interpreter(all.get(BusKind.SORTED_ARRAY.ordinal()), ROOT).run(code, addresses, INSTRUCTIONS);
    interpreter = new Interpreter(all.get(bus.ordinal()), ROOT);
  }

  private static void writeTables(Bus bus) {
    for (int i = 0; i < PAGES; i++) {
      bus.store(TABLES + 8L * i, 8, Board.RAM + (i * 37L & PAGES - 1) * Board.PAGE);
    }
    bus.store(ROOT, 8, TABLES);
    bus.store(ROOT + 8, 8, TABLES + Board.PAGE);
  }

  private void warm() {
    for (Program each : Program.values()) {
      if (each.devices <= program.devices) {
        all.forEach(other -> warm(other, each));
      }
    }
  }

  private static void warm(Bus bus, Program program) {
    long[] some = program.addresses(ADDRESSES);
    for (int i = 0; i < WARMING; i++) {
      new Interpreter(bus, ROOT).run(program.code(), some, INSTRUCTIONS);
    }
    writeTables(bus);
  }

  /**
   * Runs the program.
   *
   * @return the sum of what was loaded
   */
  @Benchmark
  public long run() {
    long sum = interpreter.run(code, addresses, INSTRUCTIONS);
    if (sum != expected) {
      throw new IllegalStateException("the sum is " + sum + " and should be " + expected);
    }
    return sum;
  }

  /** Takes them apart. */
  @TearDown
  public void close() {
    for (Bus each : all) {
      each.close();
    }
  }
}
