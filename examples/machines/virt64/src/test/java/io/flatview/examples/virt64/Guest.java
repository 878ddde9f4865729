package io.flatview.examples.virt64;

import io.flatview.examples.virt64.board.Board;
import io.flatview.examples.virt64.board.BoardOptions;
import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.examples.virt64.load.Program;
import io.flatview.examples.virt64.storm.Storm;
import io.flatview.examples.virt64.storm.StormPlan;
import io.flatview.examples.virt64.storm.StormReport;
import io.flatview.memory.MemoryStatistics;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimStatistics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Runs one of the test programs on a board. */
final class Guest {

  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int MIB = 1 << 20;

  private Guest() {}

  /** How a program ended, what it printed, what the storm did if there was one, and what is left after all. */
  record Result(
      PowerSwitch.End end, String output, StormReport storm, MemoryStatistics memory, ReclaimStatistics reclaimed) {}

  static byte[] resource(String name) {
    try (InputStream in = Guest.class.getResourceAsStream("programs/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String expected(String program) {
    return new String(resource(program + ".expected"), StandardCharsets.UTF_8);
  }

  static Result run(String program, int harts, String flavour, Long stormPerSecond) throws InterruptedException {
    return run(program, harts, flavour, stormPerSecond, false);
  }

  static Result run(String program, int harts, String flavour, Long stormPerSecond, boolean iommu)
      throws InterruptedException {
    return run(options(program, harts, null, false, iommu), flavour, stormPerSecond);
  }

  /** With a disk behind a virtio transport of version 2. */
  static Result runWithDisk(String program, int harts, String flavour, Path disk) throws InterruptedException {
    return run(options(program, harts, disk, true, false), flavour, null);
  }

  static BoardOptions options(String program, int harts, Path disk, boolean modern, boolean iommu) {
    Program elf = Program.of(program, resource(program + ".elf"), BoardOptions.DRAM);
    return new BoardOptions(harts, 64L * MIB, null, elf, null, disk, "", modern, iommu);
  }

  private static Result run(BoardOptions options, String flavour, Long stormPerSecond) throws InterruptedException {
    return run(options, flavour, stormPerSecond, LIMIT);
  }

  static Result runFor(BoardOptions options, String flavour, Duration limit) throws InterruptedException {
    return run(options, flavour, null, limit);
  }

  private static Result run(BoardOptions options, String flavour, Long stormPerSecond, Duration limit)
      throws InterruptedException {
    StringBuffer output = new StringBuffer();
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour)) {
      Board board = new Board(options, policy, value -> output.append((char) value));
      Storm storm = stormPerSecond == null ? null : board.storm(StormPlan.all(stormPerSecond));
      Thread thread = storm == null ? null : Thread.ofPlatform().name("storm").start(storm);
      PowerSwitch.End end = board.run(limit);
      if (storm != null) {
        storm.stop();
        thread.join();
      }
      board.close();
      policy.barrier();
      StormReport report = storm == null ? null : storm.report();
      return new Result(end, output.toString(), report, board.memory().statistics(), policy.statistics());
    }
  }
}
