package io.flatview.examples.cli.capture;

import io.flatview.rcu.contract.CpuTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Work on text that never changes, by which bounds in CPU time are stretched where a machine is slow. */
final class Yardstick {

  /** What the work takes where the bounds were written, once it is compiled. */
  private static final long USUAL_NANOS = 6_000_000;

  private static final int LINES = 10_000;
  private static final int ROUNDS = 40;
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16}) \\(prio (\\d+), (\\S+)\\): (.*)");

  private Yardstick() {}

  /** How many times as long as usual this machine takes; at least 1. */
  static double factor() {
    long least = IntStream.range(0, ROUNDS).mapToLong(_ -> CpuTime.of(Yardstick::work)).min().orElseThrow();
    return Math.max(1, (double) least / USUAL_NANOS);
  }

  private static void work() {
    String text = IntStream.range(0, LINES)
        .mapToObj(i -> String.format("%016x-%016x (prio %d, i/o): dev%d", i * 0x1000L, i * 0x1000L + 0xfff, i % 7, i))
        .collect(Collectors.joining("\n"));
    long names = text.lines().map(LINE::matcher).filter(Matcher::matches)
        .map(line -> Long.parseUnsignedLong(line.group(1), 16) + line.group(5)).distinct().count();
    if (names != LINES) {
      throw new AssertionError(names + " names");
    }
  }
}
