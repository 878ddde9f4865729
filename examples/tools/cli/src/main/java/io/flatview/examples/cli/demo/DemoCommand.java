package io.flatview.examples.cli.demo;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.DispatchOptions;
import io.flatview.examples.cli.demo.dma.DmaDemo;
import io.flatview.examples.cli.demo.dma.DmaReport;
import io.flatview.examples.cli.demo.place.NoRoomException;
import io.flatview.examples.cli.demo.read.ReaderLoop;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.examples.cli.machine.Machine;
import io.flatview.examples.cli.machine.MachineBuilder;
import io.flatview.examples.cli.machine.MachineDescription;
import io.flatview.examples.cli.machine.MachineLoader;
import io.flatview.examples.command.Version;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code flatview demo}: the map of a real machine changes as fast as it can, under readers that check what they see.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Loads the memory map of a real machine. Threads translate and access addresses while another plugs, moves,"
          + " resizes and unplugs regions, and everything they see is checked.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no read was stale, nothing was lost, everything was reclaimed",
      "1:something of that went wrong, as the last lines tell",
      "2:the command line is wrong"
    })
public final class DemoCommand implements Callable<Integer> {

  private static final int MAX_SECONDS = 86_400;

  @Option(
      names = "--map",
      paramLabel = "FILE",
      description = "The machine: a dump of QEMU's 'info mtree', or a model file. Default: one that is built in.")
  private Path map;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "For how long. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--readers",
      paramLabel = "N",
      description = "How many threads read. Default: one less than there are processors, 2 to 16.")
  private Integer readers;

  @Option(
      names = "--rcu",
      paramLabel = "NAME",
      description = "How memory is reclaimed: epoch, qsbr or refcount; NAME.jar in a folder of $$FLATVIEW_RCU_PATH; or"
          + " the path of a jar. Default: epoch.")
  private String rcu;

  @Option(
      names = "--iommu",
      description = "Devices read through a RISC-V IOMMU, while its driver changes the mappings under them; the machine"
          + " is one of its own.")
  private boolean iommu;

  @Spec
  private CommandSpec spec;

  /** The command; its options are set by picocli. */
  public DemoCommand() {}

  /**
   * Runs the demo.
   *
   * @return the exit code
   * @throws InterruptedException if interrupted
   */
  @Override
  public Integer call() throws InterruptedException {
    DemoSettings settings = settings();
    if (iommu) {
      return runDma(settings);
    }
    MachineDescription description = map == null ? MachineLoader.bundled() : load();
    DispatchOptions options = DispatchOptions.defaults().withPageSize(description.pageSize());
    try (ReclaimPolicy policy = rcu == null ? ReclaimPolicies.discover() : ReclaimPolicies.discover(rcu);
        DispatchMemory memory = DispatchMemory.create(policy, options)) {
      return run(settings, MachineBuilder.build(description, memory, _ -> MachineBuilder.SILENT), memory, policy);
    } catch (NoRoomException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private MachineDescription load() {
    Notes notes = new Notes();
    MachineDescription description = MachineLoader.load(map, notes).description();
    notes.of(map.toString()).forEach(note -> spec.commandLine().getErr().println(note.as("note")));
    return description;
  }

  private int runDma(DemoSettings settings) throws InterruptedException {
    check(map == null, "--iommu brings its own machine; leave --map out");
    PrintWriter out = spec.commandLine().getOut();
    try (ReclaimPolicy policy = rcu == null ? ReclaimPolicies.discover() : ReclaimPolicies.discover(rcu);
        DispatchMemory memory = DispatchMemory.create(policy)) {
      out.println(settings.readers() + " devices behind a RISC-V IOMMU, 1 driver, " + policy.name() + " reclamation, "
          + Figures.seconds(settings.duration().toNanos() / 1e9));
      out.println();
      out.flush();
      DmaReport report;
      try (Ticker _ = Ticker.start(progress(out), settings.duration())) {
        report = DmaDemo.run(memory, policy, settings.duration(), settings.readers());
      }
      DmaTable.lines(report).forEach(out::println);
      out.flush();
      return report.isClean() ? 0 : 1;
    }
  }

  private Progress progress(PrintWriter out) {
    return Progress.to(out, spec.usageMessage().width());
  }

  private DemoSettings settings() {
    int count = readers == null ? DemoSettings.defaultReaders() : readers;
    check(count >= 1 && count <= ReaderLoop.MAX_READERS, "--readers must be 1 to " + ReaderLoop.MAX_READERS);
    check(seconds > 0 && seconds <= MAX_SECONDS, "--seconds must be above 0 and at most " + MAX_SECONDS);
    return new DemoSettings(Duration.ofNanos((long) (seconds * 1e9)), count, true);
  }

  private void check(boolean right, String rule) {
    if (!right) {
      throw new ParameterException(spec.commandLine(), rule);
    }
  }

  private int run(DemoSettings settings, Machine machine, DispatchMemory memory, ReclaimPolicy policy)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    title(out, settings, machine, policy);
    DemoReport report = Demo.run(settings, memory, machine.spaces(), policy, progress(out));
    ReportTable.lines(report).forEach(out::println);
    out.flush();
    return report.isClean() ? 0 : 1;
  }

  private static void title(PrintWriter out, DemoSettings settings, Machine machine, ReclaimPolicy policy) {
    int ranges = machine.spaces().stream().mapToInt(space -> space.flatView().sections().size()).sum();
    out.println("Machine " + machine.name() + ": " + machine.regions().size() + " regions, "
        + machine.spaces().size() + " address spaces with " + ranges + " mapped ranges");
    out.println(settings.readers() + " readers, 1 writer, " + policy.name() + " reclamation, "
        + Figures.seconds(settings.duration().toNanos() / 1e9));
    out.println();
    out.flush();
  }
}
