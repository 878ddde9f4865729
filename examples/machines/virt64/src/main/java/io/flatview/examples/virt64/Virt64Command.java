package io.flatview.examples.virt64;

import io.flatview.examples.command.Program;
import io.flatview.examples.command.Version;
import io.flatview.examples.virt64.board.BoardOptions;
import io.flatview.examples.virt64.console.RawTerminal;
import io.flatview.examples.virt64.load.LoadException;
import io.flatview.examples.virt64.storm.StormPlan;
import io.flatview.memory.AddressRange;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flatview virt64}: boots a RISC-V board. */
@Command(
    name = "flatview virt64",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Runs a RISC-V board (RV64IMAC, laid out as QEMU's 'virt') with its console on the standard streams. Without"
          + " --bios and --kernel it boots Debian's OpenSBI and U-Boot (packages opensbi and u-boot-qemu). Options may"
          + " have QEMU's names.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the guest switched itself off, a test passed, the expected text was seen, or the cost of a storm measured",
      "1:the time was up before, or something failed",
      "2:the command line is wrong",
      "n:the guest or the test failed with status n, 255 for larger ones; messages tell this from 1 and 2 above"
    })
public final class Virt64Command implements Callable<Integer> {

  private static final long FOR_EVER_SECONDS = Duration.ofDays(365).toSeconds();

  @Option(names = {"--harts", "-smp"}, paramLabel = "N", defaultValue = "1", converter = HartsConverter.class,
      description = "How many harts, each with a thread. Default: ${DEFAULT-VALUE}.")
  private int harts;

  @Option(names = {"--memory", "-m"}, paramLabel = "SIZE", defaultValue = "128M",
      converter = MemorySizeConverter.class,
      description = "How much DRAM, in MiB or with a suffix K, M or G. Default: ${DEFAULT-VALUE}.")
  private long memory;

  @Option(names = {"--bios", "-bios"}, paramLabel = "FILE",
      description = "What runs first, at 80000000: an ELF file or a raw image, or 'none'. Default: OpenSBI.")
  private String bios;

  @Option(names = {"--kernel", "-kernel"}, paramLabel = "FILE",
      description = "What the firmware starts: an ELF file, or a raw image for the first 2 MiB boundary behind the"
          + " firmware. An ELF file with the symbol 'tohost', or one that wants the firmware's place, runs on the"
          + " bare machine.")
  private Path kernel;

  @Option(names = {"--initrd", "-initrd"}, paramLabel = "FILE",
      description = "The kernel's first file system, put into memory.")
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

  @Option(names = "--trace", paramLabel = "RANGE", arity = "0..1", fallbackValue = RangeConverter.DEVICES,
      converter = RangeConverter.class,
      description = "Print every access to a device on standard error; or every one in a range, to memory as well:"
          + " FIRST-LAST or FIRST+SIZE, hexadecimal.")
  private AddressRange trace;

  @Option(names = "--stats", description = "Print how many instructions were executed, and how fast, at the end.")
  private boolean statistics;

  @Option(names = "--draw", paramLabel = "FILE",
      description = "Draw the board's map at the end: an SVG document if the name ends with .svg, else HTML.")
  private Path picture;

  @Option(names = {"--append", "-append"}, paramLabel = "TEXT", defaultValue = "",
      description = "The kernel's command line.")
  private String append;

  @Option(names = "--seconds", paramLabel = "N", description = "For how long at most. Default: until the guest ends.")
  private Double seconds;

  @Option(names = "--expect", paramLabel = "TEXT", description = "End with status 0 once the console has shown this.")
  private String expected;

  @Option(names = "--rcu", paramLabel = "NAME",
      description = "How memory is reclaimed: epoch, qsbr or refcount; NAME.jar in a folder of $$FLATVIEW_RCU_PATH; or"
          + " the path of a jar. Default: epoch.")
  private String rcu;

  @Option(names = "-nographic", description = "Changes nothing: the console is always on the standard streams.")
  private boolean noGraphic;

  @Spec
  private CommandSpec spec;

  /** The command; its options are set by picocli. */
  public Virt64Command() {}

  /**
   * Runs the command and ends the process.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    Program.run(Program.of(new Virt64Command()), arguments);
  }

  /**
   * Runs the board.
   *
   * @return the exit code
   * @throws InterruptedException if interrupted
   */
  @Override
  public Integer call() throws InterruptedException {
    try (ReclaimPolicy policy = rcu == null ? ReclaimPolicies.discover() : ReclaimPolicies.discover(rcu)) {
      return run(new Session(options(), policy, wishes(), spec.commandLine().getErr()));
    } catch (LoadException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private BoardOptions options() {
    Firmware firmware = Firmware.choose(bios, kernel);
    return new BoardOptions(harts, memory, firmware.bios(), firmware.kernel(), initrd, drive, append, modern, iommu);
  }

  private Session.Wishes wishes() {
    StormPlan plan = storm == null ? null : new StormPlan(storm, stormKinds);
    return new Session.Wishes(limit(), plan, stormCost, trace, statistics, picture, expected);
  }

  private Duration limit() {
    double wanted = seconds == null ? FOR_EVER_SECONDS : seconds;
    if (!(wanted >= 0)) {
      throw new IllegalArgumentException("--seconds " + seconds + ": a run cannot last so long");
    }
    return Duration.ofNanos((long) (Math.min(wanted, FOR_EVER_SECONDS) * 1e9));
  }

  private int run(Session session) throws InterruptedException {
    boolean terminal = System.console() != null && System.console().isTerminal();
    RawTerminal raw = terminal ? RawTerminal.open() : null;
    Runnable restore = raw == null ? () -> { } : raw::close;
    try (LastWords _ = new LastWords(session::stop, restore)) {
      return session.run(System.in, !terminal, System.out);
    }
  }
}
