package io.flatview.examples.virt64.fuzz;

import io.flatview.examples.virt64.DeviceThreads;
import io.flatview.examples.virt64.board.Board;
import io.flatview.examples.virt64.board.BoardOptions;
import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.examples.virt64.load.Program;
import io.flatview.examples.virt64.storm.Storm;
import io.flatview.examples.virt64.storm.StormPlan;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimOptions;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Runs random guests, one after the other, and finds what must not be: an exception in a thread of the machine, a run
 * or an end that takes too long, memory that is not given back.
 */
final class HostileRun implements AutoCloseable {

  /** For what takes less than a second where the host is not held up. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final int MEMORY = 64 << 20;
  private static final long STORM_PER_SECOND = 2000;
  private static final Logger LOG = Logger.getLogger("io.flatview");

  /** Puts something on the board before it runs. */
  interface Plug {
    void into(Board board);
  }

  private final String flavour;
  private final Path disk;
  private final Duration limit;
  private final List<String> findings = new CopyOnWriteArrayList<>();
  private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
  private final boolean logsToParents = LOG.getUseParentHandlers();
  private final Handler records = new Records();
  private long runs;
  private long instructions;
  private long generations;

  HostileRun(String flavour, Path disk, Duration limit) {
    this.flavour = flavour;
    this.disk = disk;
    this.limit = limit;
    LOG.addHandler(records);
    LOG.setUseParentHandlers(false);
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> findings.add(thread.getName() + " threw " + text(e)));
  }

  /**
   * What the framework and the board find worth a warning, but for accesses that it rightly refuses, and for devices
   * that take more than a second to end: they are waited for.
   */
  private final class Records extends Handler {

    @Override
    public void publish(LogRecord log) {
      boolean expected = log.getThrown() == null && (log.getMessage().startsWith("access from ")
          || log.getMessage().contains(" is left to end by itself, "));
      if (log.getLevel().intValue() >= Level.WARNING.intValue() && !expected) {
        findings.add(log.getMessage() + (log.getThrown() == null ? "" : ": " + text(log.getThrown())));
      }
    }

    @Override
    public void flush() {
      // Nothing waits.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  private static String text(Throwable e) {
    StringBuilder text = new StringBuilder(e.toString());
    for (StackTraceElement element : e.getStackTrace()) {
      text.append("\n    at ").append(element);
    }
    return text.toString();
  }

  static Program puppet(byte[] orders) {
    try (InputStream in = HostileRun.class.getResourceAsStream("../programs/own-puppet.elf")) {
      Program puppet = Program.of("puppet", in.readAllBytes(), BoardOptions.DRAM);
      List<Program.Piece> pieces = new ArrayList<>(puppet.pieces());
      pieces.add(new Program.Piece(Orders.TABLE, MemorySegment.ofArray(orders)));
      OptionalLong toHost = OptionalLong.of(0x8100_0000L);
      return new Program("puppet", pieces, puppet.entry(), toHost, OptionalLong.empty(), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the guest of a seed; the seed also says what board it has, and whether its map is changed all the while. */
  void run(long seed, List<Long> morePlaces, Plug plug) throws InterruptedException {
    Program program = puppet(Orders.of(seed, morePlaces));
    BoardOptions options = new BoardOptions(
        1 + (int) (seed % 3), MEMORY, null, program, null, disk, "", seed % 2 == 0, seed % 5 == 0);
    int known = findings.size();
    ReclaimOptions patient = ReclaimOptions.defaults().withStallThreshold(GRACE);
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour, patient)) {
      MemorySystem memory = run(options, seed % 4 == 3, policy, plug);
      policy.barrier();
      if (memory.statistics().ramBlocks() != 0) {
        findings.add("memory was not given back: " + memory.statistics());
      }
    }
    runs++;
    for (int i = known; i < findings.size(); i++) {
      findings.set(i, flavour + ", seed " + seed + ": " + findings.get(i));
    }
  }

  private MemorySystem run(BoardOptions options, boolean stormy, ReclaimPolicy policy, Plug plug)
      throws InterruptedException {
    Board board = new Board(options, policy, _ -> { });
    plug.into(board);
    Storm storm = stormy ? board.storm(StormPlan.all(STORM_PER_SECOND)) : null;
    Thread thread = stormy ? Thread.ofPlatform().name("storm").start(storm) : null;
    long start = System.nanoTime();
    PowerSwitch.End end = board.run(limit);
    long ended = System.nanoTime();
    if (stormy) {
      storm.stop();
      thread.join();
    }
    long calm = System.nanoTime();
    instructions += board.executed();
    generations += board.memory().generation();
    board.close();
    long closed = System.nanoTime();
    if (end.failure() != null) {
      findings.add("the machine failed: " + text(end.failure()));
    }
    checkTime("the run", ended - start - limit.toNanos());
    checkTime("the end", closed - calm);
    if (!DeviceThreads.endWithin(GRACE)) {
      findings.add("a device's thread does not end");
    }
    return board.memory();
  }

  private void checkTime(String what, long nanos) {
    if (nanos > GRACE.toNanos()) {
      findings.add(what + " took " + Duration.ofNanos(nanos) + " too long");
    }
  }

  /** What was found, each with its flavour and seed. */
  List<String> findings() {
    return findings;
  }

  @Override
  public void close() {
    Thread.setDefaultUncaughtExceptionHandler(before);
    LOG.removeHandler(records);
    LOG.setUseParentHandlers(logsToParents);
  }

  @Override
  public String toString() {
    return String.format(
        "%s: %,d guests, %,d instructions, %,d generations, %d findings",
        flavour, runs, instructions, generations, findings.size());
  }
}
