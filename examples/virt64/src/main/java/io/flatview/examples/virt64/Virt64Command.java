package io.flatview.examples.virt64;

import io.flatview.examples.virt64.board.Board;
import io.flatview.examples.virt64.board.BoardOptions;
import io.flatview.examples.virt64.console.ConsoleInput;
import io.flatview.examples.virt64.console.ConsoleOutput;
import io.flatview.examples.virt64.console.RawTerminal;
import io.flatview.examples.virt64.device.PowerSwitch;
import io.flatview.examples.virt64.load.LoadException;
import io.flatview.examples.virt64.storm.Storm;
import io.flatview.examples.virt64.storm.StormCost;
import io.flatview.examples.virt64.storm.StormPlan;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapInspector;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flatview virt64}: boots a RISC-V board. */
@Command(
    name = "virt64",
    mixinStandardHelpOptions = true,
    version = "flatview 0.1.0",
    description = {
      "Runs a RISC-V board (RV64IMAC, laid out as QEMU's 'virt') with its console on the standard streams. Without"
          + " --bios and --kernel it boots Debian's OpenSBI and U-Boot (packages opensbi and u-boot-qemu).",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the guest switched itself off, a test passed, or the expected text was seen",
      "1:the time was up before, or something failed",
      "2:the command line is wrong",
      "n:the guest or the test failed with status n"
    })
public final class Virt64Command implements Callable<Integer> {

  private static final Duration FOR_EVER = Duration.ofDays(365);

  @Option(names = "--harts", paramLabel = "N", defaultValue = "1",
      description = "How many harts, each with a thread. Default: ${DEFAULT-VALUE}.")
  private int harts;

  @Option(names = "--memory", paramLabel = "SIZE", defaultValue = "128M", converter = MemorySizeConverter.class,
      description = "How much DRAM, in MiB or with a suffix K, M or G. Default: ${DEFAULT-VALUE}.")
  private long memory;

  @Option(names = "--bios", paramLabel = "FILE",
      description = "What runs first, at 80000000: an ELF file or a raw image, or 'none'. Default: OpenSBI.")
  private String bios;

  @Option(names = "--kernel", paramLabel = "FILE",
      description = "What the firmware starts: an ELF file, or a raw image for the first 2 MiB boundary behind the"
          + " firmware. An ELF file with the symbol 'tohost', or one that wants the firmware's place, runs on the"
          + " bare machine.")
  private Path kernel;

  @Option(names = "--initrd", paramLabel = "FILE", description = "The kernel's first file system, put into memory.")
  private Path initrd;

  @Option(names = "--drive", paramLabel = "FILE", description = "A raw disk image for the virtio block device.")
  private Path drive;

  @Option(names = "--virtio-modern", description = "Virtio transports speak version 2. Default: 1, as QEMU's do.")
  private boolean modern;

  @Option(
      names = "--iommu",
      description = "Put an IOMMU between the devices and memory. Virtio transports speak version 2 then.")
  private boolean iommu;

  @Option(names = "--storm", paramLabel = "RATE", arity = "0..1", fallbackValue = "0",
      description = "Change the memory map all the while, RATE times a second at most, and print how often. Default:"
          + " as often as can be.")
  private Long storm;

  @Option(names = "--storm-kinds", paramLabel = "KIND", split = ",", defaultValue = "ALIAS,DEVICE,LOG,REMAP",
      description = "What the storm does, by turns: ${COMPLETION-CANDIDATES}. Default: all.")
  private List<StormPlan.Kind> stormKinds;

  @Option(names = "--storm-cost",
      description = "Let the storm up every other tenth of a second, and print what it costs the harts.")
  private boolean stormCost;

  @Option(names = "--trace", description = "Print every access to a device on standard error.")
  private boolean trace;

  @Option(names = "--stats", description = "Print how many instructions were executed, and how fast, at the end.")
  private boolean statistics;

  @Option(names = "--draw", paramLabel = "FILE",
      description = "Draw the board's map at the end: an SVG document if the name ends with .svg, else HTML.")
  private Path picture;

  @Option(names = "--append", paramLabel = "TEXT", defaultValue = "", description = "The kernel's command line.")
  private String append;

  @Option(names = "--seconds", paramLabel = "N", description = "For how long at most. Default: until the guest ends.")
  private Double seconds;

  @Option(names = "--expect", paramLabel = "TEXT", description = "End with status 0 once the console has shown this.")
  private String expected;

  @Option(names = "--rcu", paramLabel = "NAME",
      description = "How memory is reclaimed: epoch, qsbr or refcount; NAME.jar in a folder of $$FLATVIEW_RCU_PATH; or"
          + " the path of a jar. Default: epoch.")
  private String rcu;

  @Spec
  private CommandSpec spec;

  private boolean stale;

  /** The command; its options are set by picocli. */
  public Virt64Command() {}

  /**
   * Runs the board.
   *
   * @return the exit code
   * @throws InterruptedException if interrupted
   */
  @Override
  public Integer call() throws InterruptedException {
    try (ReclaimPolicy policy = rcu == null ? ReclaimPolicies.discover() : ReclaimPolicies.discover(rcu)) {
      return run(options(), policy);
    } catch (LoadException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "virt64: " + e.getMessage(), e);
    }
  }

  private BoardOptions options() {
    Firmware firmware = Firmware.choose(bios, kernel);
    return new BoardOptions(harts, memory, firmware.bios(), firmware.kernel(), initrd, drive, append, modern, iommu);
  }

  private int run(BoardOptions options, ReclaimPolicy policy) throws InterruptedException {
    if (!isTerminal()) {
      return runMachines(options, policy);
    }
    RawTerminal terminal = RawTerminal.open();
    // An interrupt from the keyboard ends the process without a word to this thread.
    Thread restore = new Thread(terminal::close);
    Runtime.getRuntime().addShutdownHook(restore);
    try {
      return runMachines(options, policy);
    } finally {
      terminal.close();
      Runtime.getRuntime().removeShutdownHook(restore);
    }
  }

  private int runMachines(BoardOptions options, ReclaimPolicy policy) throws InterruptedException {
    ConsoleInput input = new ConsoleInput(System.in, !isTerminal());
    AtomicReference<Board> current = new AtomicReference<>();
    Tracer tracer = trace ? new Tracer(spec.commandLine().getErr()) : null;
    Deadline deadline = Deadline.after(seconds == null ? FOR_EVER : Duration.ofNanos((long) (seconds * 1e9)));
    try (ConsoleOutput output = new ConsoleOutput(System.out, expected, () -> seen(current.get()))) {
      PowerSwitch.End end;
      do {
        try (Board board = new Board(options, policy, output::accept)) {
          current.set(board);
          input.connect(board);
          if (tracer != null) {
            tracer.attach(board);
          }
          long start = System.nanoTime();
          end = storm == null ? board.run(deadline.left()) : runInStorm(board, deadline.left());
          printStatistics(board, (System.nanoTime() - start) / 1e9);
          draw(board);
        }
      } while (end.reason() == PowerSwitch.Reason.RESET);
      return status(end);
    } finally {
      if (tracer != null) {
        tracer.close();
      }
    }
  }

  private PowerSwitch.End runInStorm(Board board, Duration limit) throws InterruptedException {
    Storm changes = board.storm(new StormPlan(storm, stormKinds));
    StormCost cost = new StormCost(changes, board::executed);
    Thread thread = start("storm", changes, board);
    Thread observer = stormCost ? start("storm-cost", cost, board) : null;
    try {
      return board.run(limit);
    } finally {
      if (observer != null) {
        cost.stop();
        observer.join();
        spec.commandLine().getErr().println(cost);
      }
      changes.stop();
      thread.join();
      spec.commandLine().getErr().println(changes.report());
      stale |= changes.report().stale() > 0;
    }
  }

  private static Thread start(String name, Runnable task, Board board) {
    return Thread.ofPlatform().name(name).uncaughtExceptionHandler((_, e) -> board.power().fail(e)).start(task);
  }

  private void printStatistics(Board board, double time) {
    if (statistics) {
      spec.commandLine().getErr().printf(
          "%,d instructions in %.2f s: %.1f million a second, by %d harts; generation %d%n",
          board.executed(), time, board.executed() / time / 1e6, harts, board.memory().generation());
    }
  }

  private void draw(Board board) {
    if (picture == null) {
      return;
    }
    boolean svg = picture.toString().endsWith(".svg");
    List<AddressSpace> spaces = List.of(board.bus());
    MapInspector inspector = board.memory().inspect();
    try {
      Files.writeString(picture, svg ? inspector.svg(spaces) : inspector.html("virt64", spaces));
    } catch (IOException e) {
      throw new LoadException("cannot write " + picture + ": " + e);
    }
  }

  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  private static void seen(Board board) {
    board.power().end(PowerSwitch.Reason.SEEN, 0);
  }

  private int status(PowerSwitch.End end) {
    PrintWriter err = spec.commandLine().getErr();
    if (end.reason() == PowerSwitch.Reason.FAILURE) {
      err.println("virt64: the machine failed: " + end.failure());
      return CommandLine.ExitCode.SOFTWARE;
    }
    return stale ? CommandLine.ExitCode.SOFTWARE : end.status();
  }
}
