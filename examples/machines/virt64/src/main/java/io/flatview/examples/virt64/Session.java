package io.flatview.examples.virt64;

import io.flatview.examples.virt64.board.Board;
import io.flatview.examples.virt64.board.BoardOptions;
import io.flatview.examples.virt64.console.ConsoleInput;
import io.flatview.examples.virt64.console.ConsoleOutput;
import io.flatview.examples.virt64.console.LineWriter;
import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.examples.virt64.storm.Storm;
import io.flatview.examples.virt64.storm.StormCost;
import io.flatview.examples.virt64.storm.StormPlan;
import io.flatview.examples.virt64.time.Ticks;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapInspector;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ExitCode;

/** Runs machines, one after the other as the guest resets them, with a console and a word on how it went. */
final class Session implements ConsoleOutput.Host {

  /**
   * The options of a run beside the machine.
   *
   * @param limit how long it lasts at most, from when the first machine is there, resets included
   * @param storm changes of the map, or null
   * @param stormCost whether to measure what they cost
   * @param trace which accesses to print, or null
   * @param statistics whether to print how much was executed
   * @param picture where to draw the map at the end, or null
   * @param expected the text that ends the run, or null
   */
  record Wishes(
      Duration limit,
      StormPlan storm,
      boolean stormCost,
      AddressRange trace,
      boolean statistics,
      Path picture,
      String expected) {}

  /** A storm ends after a commit. */
  private static final Duration STORM_PATIENCE = Duration.ofSeconds(2);

  private final BoardOptions options;
  private final ReclaimPolicy policy;
  private final Wishes wishes;
  private final LineWriter lines;
  private final Tracer tracer;
  private volatile Board current;
  private volatile PowerSwitch.End over;

  /** Whether something else went wrong than the guest. */
  private boolean spoilt;

  /** Whether the time limit was what the run waited for. */
  private boolean measured;

  Session(BoardOptions options, ReclaimPolicy policy, Wishes wishes, PrintWriter messages) {
    this.options = options;
    this.policy = policy;
    this.wishes = wishes;
    lines = new LineWriter(messages);
    tracer = wishes.trace() == null ? null : new Tracer(wishes.trace(), lines::accept);
  }

  // Called by other threads

  /** Has the run end soon. Any thread may call this, at any time. */
  void stop() {
    end(new PowerSwitch.End(PowerSwitch.Reason.STOPPED, 1, null));
  }

  @Override
  public void seen() {
    end(new PowerSwitch.End(PowerSwitch.Reason.SEEN, 0, null));
  }

  @Override
  public void failed(IOException cause) {
    end(new PowerSwitch.End(PowerSwitch.Reason.CONSOLE_LOST, 1, cause));
  }

  @Override
  public void drained() {
    Board board = current;
    if (board != null) {
      board.transmit();
    }
  }

  /** Ends this machine, and any that comes after a reset. */
  private void end(PowerSwitch.End end) {
    over = end;
    Board board = current;
    if (board != null) {
      board.power().end(end);
    }
  }

  // The run

  /**
   * Runs until the guest, the host or the time limit ends it.
   *
   * @param in where the console reads
   * @param paced whether a line waits until the guest wants one
   * @param out where the console prints
   * @return the exit code
   * @throws InterruptedException if interrupted
   */
  int run(InputStream in, boolean paced, OutputStream out) throws InterruptedException {
    ConsoleInput input = new ConsoleInput(in, paced);
    ConsoleOutput output = new ConsoleOutput(out, wishes.expected(), this);
    boolean hurry = true;
    try {
      PowerSwitch.End end = runMachines(input, output);
      hurry = end.reason() != PowerSwitch.Reason.OFF && end.reason() != PowerSwitch.Reason.SEEN;
      return exitCode(end);
    } finally {
      close(output, hurry);
    }
  }

  private void close(ConsoleOutput output, boolean hurry) {
    long lost = output.close(hurry);
    if (lost > 0) {
      lines.accept(String.format(
          Locale.ROOT, "virt64: %,d bytes of the console were lost, since they were not read", lost));
    }
    lines.close(hurry);
  }

  private PowerSwitch.End runMachines(ConsoleInput input, ConsoleOutput output) throws InterruptedException {
    Deadline deadline = null;
    PowerSwitch.End end;
    do {
      try (Board board = new Board(options, policy, output)) {
        deadline = deadline == null ? Deadline.after(wishes.limit()) : deadline;
        end = runMachine(board, input, deadline);
      } finally {
        current = null;
      }
    } while (end.reason() == PowerSwitch.Reason.RESET);
    return end;
  }

  private PowerSwitch.End runMachine(Board board, ConsoleInput input, Deadline deadline) throws InterruptedException {
    current = board;
    if (over != null) {
      board.power().end(over);
    }
    input.connect(board);
    if (tracer != null) {
      tracer.attach(board);
    }
    long start = System.nanoTime();
    PowerSwitch.End end = wishes.storm() == null ? board.run(deadline.left()) : runInStorm(board, deadline.left());
    printStatistics(board, (System.nanoTime() - start) / 1e9);
    draw(board);
    if (!measured || end.reason() != PowerSwitch.Reason.TIME_LIMIT) {
      Verdict.explain(end, board.test(), board.whereabouts(), lines::accept);
    }
    return end;
  }

  private int exitCode(PowerSwitch.End end) {
    if (spoilt) {
      return ExitCode.SOFTWARE;
    }
    return measured && end.reason() == PowerSwitch.Reason.TIME_LIMIT ? ExitCode.OK : Verdict.exitCode(end);
  }

  private PowerSwitch.End runInStorm(Board board, Duration limit) throws InterruptedException {
    Storm changes = board.storm(wishes.storm());
    StormCost cost = new StormCost(changes, board::executed);
    Thread thread = start("storm", changes, board);
    Thread observer = wishes.stormCost() ? start("storm-cost", cost, board) : null;
    try {
      return board.run(limit);
    } finally {
      if (observer != null) {
        cost.stop();
        observer.join();
        measured = cost.isKnown();
        lines.accept(cost.toString());
      }
      changes.stop();
      boolean ended = Ticks.of(STORM_PATIENCE).join(thread);
      lines.accept(ended ? changes.report().toString() : "virt64: the storm does not end");
      spoilt |= !ended || changes.report().stale() > 0;
    }
  }

  private static Thread start(String name, Runnable task, Board board) {
    return Thread.ofPlatform().name(name).daemon()
        .uncaughtExceptionHandler((_, e) -> board.power().fail(e))
        .start(task);
  }

  private void printStatistics(Board board, double time) {
    if (wishes.statistics()) {
      lines.accept(String.format(Locale.ROOT,
          "%,d instructions in %.2f s: %.1f million a second, by %d %s; generation %d",
          board.executed(), time, board.executed() / time / 1e6, options.harts(),
          options.harts() == 1 ? "hart" : "harts", board.memory().generation()));
    }
  }

  private void draw(Board board) {
    Path picture = wishes.picture();
    if (picture == null) {
      return;
    }
    boolean svg = picture.toString().endsWith(".svg");
    List<AddressSpace> spaces = List.of(board.bus());
    MapInspector inspector = board.memory().inspect();
    try {
      Files.writeString(picture, svg ? inspector.svg(spaces) : inspector.html("virt64", spaces));
    } catch (IOException e) {
      spoilt = true;
      lines.accept("virt64: cannot write " + picture + ": " + e.getMessage());
    }
  }
}
