package io.flatview.examples.vhost;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.command.Program;
import io.flatview.examples.command.Version;
import io.flatview.examples.vhost.session.VhostServer;
import io.flatview.examples.virtio.BlockDevice;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flatview vhost-user-blk}: serves a disk image to a virtual machine of another process. */
@Command(
    name = "flatview vhost-user-blk",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Serves a disk image to virtual machines over vhost-user, until it is interrupted. QEMU uses it with:",
      "",
      "  qemu-system-x86_64 -m 1G -object memory-backend-memfd,id=mem,size=1G,share=on -numa node,memdev=mem"
          + " -chardev socket,id=disk,path=PATH,reconnect=1"
          + " -device vhost-user-blk-pci,chardev=disk,num-queues=1 ...",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "1:something failed",
      "2:the command line is wrong, or the disk or the socket cannot be had",
      "130, 143:it was interrupted or ended"
    })
public final class VhostUserBlkCommand implements Callable<Integer> {

  private static final int MOST_QUEUES = 256;

  @Option(names = "--socket", paramLabel = "PATH", required = true,
      description = "Where front ends connect. A socket that another process left behind is replaced.")
  private Path socket;

  @Option(names = "--disk", paramLabel = "FILE", required = true, description = "A raw disk image.")
  private Path disk;

  @Option(names = "--read-only", description = "Refuse writes.")
  private boolean readOnly;

  @Option(names = "--queues", paramLabel = "N", defaultValue = "1",
      description = "How many queues, each with a thread. Default: ${DEFAULT-VALUE}.")
  private int queues;

  @Option(names = "--stats", description = "Print what was done, at the end.")
  private boolean statistics;

  @Option(names = "--rcu", paramLabel = "NAME",
      description = "The reclamation flavour; the launcher puts it on the class path. Default: the only one there.")
  private String rcu;

  @Spec private CommandSpec spec;

  /** The options are set by picocli. */
  public VhostUserBlkCommand() {}

  /**
   * Runs the command and ends the process.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    Program.run(Program.of(new VhostUserBlkCommand()), arguments);
  }

  /**
   * Serves the disk.
   *
   * @return the exit code
   * @throws IOException if no more front ends can be accepted
   */
  @Override
  public Integer call() throws IOException {
    if (queues < 1 || queues > MOST_QUEUES) {
      throw wrong("--queues " + queues + ": there are 1 to " + MOST_QUEUES, null);
    }
    try (ReclaimPolicy policy = rcu == null ? ReclaimPolicies.discover() : ReclaimPolicies.discover(rcu);
        BlockDevice device = openDisk();
        VhostServer server = openServer(device, policy)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server)));
      server.run();
      return 0;
    }
  }

  private BlockDevice openDisk() {
    try {
      return new BlockDevice(disk, readOnly, queues);
    } catch (IOException e) {
      throw wrong("--disk " + disk + ": " + e.getMessage(), e);
    }
  }

  private VhostServer openServer(BlockDevice device, ReclaimPolicy policy) {
    try {
      return new VhostServer(socket, device, policy, () -> DispatchMemory.create(policy));
    } catch (IOException e) {
      throw wrong("--socket " + socket + ": " + e.getMessage(), e);
    }
  }

  private ParameterException wrong(String message, Throwable cause) {
    return new ParameterException(spec.commandLine(), message, cause);
  }

  private void end(VhostServer server) {
    server.close();
    if (statistics) {
      spec.commandLine().getErr().println(server.counters());
      spec.commandLine().getErr().flush();
    }
  }
}
