package io.flatview.examples.vhost.qemu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A machine of QEMU's that runs Debian's kernel, with a disk at a socket. */
final class Machine implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(240);

  /**
   * What a machine has.
   *
   * @param queues of the disk; so many processors
   * @param rounds how often the guest rewrites a piece of the disk
   * @param iommu whether the disk is behind an IOMMU
   * @param packed whether queues are packed
   */
  record Kind(int queues, int rounds, boolean iommu, boolean packed) {

    private String diskOptions() {
      return "num-queues=" + queues + (packed ? ",packed=on,disable-legacy=on" : "")
          + (iommu ? ",iommu_platform=on,ats=on,disable-legacy=on,bus=root1" : "");
    }
  }

  private final Process process;
  private final Path serial;
  private final Path log;
  private final Path monitor;

  /**
   * Starts a machine.
   *
   * @param folder for what it writes
   * @param kernel what it boots
   * @param disk the socket of its disk
   * @param kind what it has
   * @param more arguments
   */
  Machine(Path folder, Path kernel, Path disk, Kind kind, String... more) throws IOException {
    serial = folder.resolve("serial");
    log = folder.resolve("qemu.log");
    monitor = folder.resolve("monitor");
    Path initrd = Initrd.write(kernel, folder.resolve("initrd"));
    List<String> command = new ArrayList<>(List.of("qemu-system-x86_64", "-accel", "tcg",
        "-M", kind.iommu ? "q35,kernel-irqchip=split" : "q35", "-m", "256,slots=4,maxmem=2G", "-smp", "" + kind.queues,
        "-object", "memory-backend-memfd,id=mem,size=256M,share=on", "-numa", "node,memdev=mem"));
    if (kind.iommu) {
      command.addAll(List.of("-device", "intel-iommu,intremap=on,device-iotlb=on",
          "-device", "pcie-root-port,id=root1,slot=1"));
    }
    command.addAll(List.of("-chardev", "socket,id=disk,reconnect=1,path=" + disk,
        "-device", "vhost-user-blk-pci,chardev=disk," + kind.diskOptions(),
        "-kernel", kernel.toString(), "-initrd", initrd.toString(),
        "-append", "console=ttyS0 quiet panic=-1 memhp_default_state=online rounds=" + kind.rounds
            + (kind.iommu ? " intel_iommu=on" : ""),
        "-display", "none", "-serial", "file:" + serial,
        "-qmp", "unix:" + monitor + ",server=on,wait=off"));
    command.addAll(List.of(more));
    process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Waits until the guest has said something. */
  String await(String text) throws Exception {
    return await(text, 1);
  }

  /** Waits until the guest has said something so many times. */
  String await(String text, int times) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (output().split(text, -1).length <= times) {
      if (System.nanoTime() - deadline > 0 || !process.isAlive() && output().split(text, -1).length <= times) {
        throw new AssertionError("the guest does not say '" + text + "': " + output() + Files.readString(log));
      }
      Thread.sleep(50);
    }
    return output();
  }

  private String output() throws IOException {
    return Files.exists(serial) ? new String(Files.readAllBytes(serial), StandardCharsets.ISO_8859_1) : "";
  }

  /** Waits until the machine is off, and gives what the guest said. */
  String end() throws Exception {
    String said = await("END");
    process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return said;
  }

  /** Has QEMU's monitor execute commands, and gives its last reply. */
  String execute(String... commands) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(monitor));
      BufferedReader replies = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
      Writer requests = Channels.newWriter(channel, StandardCharsets.UTF_8);
      replies.readLine();
      ask(replies, requests, "{\"execute\": \"qmp_capabilities\"}");
      String reply = "";
      for (String command : commands) {
        reply = ask(replies, requests, command);
      }
      return reply;
    }
  }

  private static String ask(BufferedReader replies, Writer requests, String command) throws IOException {
    requests.write(command + "\n");
    requests.flush();
    String reply = replies.readLine();
    while (reply.contains("\"event\"")) {
      reply = replies.readLine();
    }
    if (!reply.contains("\"return\"")) {
      throw new IOException(command + ": " + reply);
    }
    return reply;
  }

  /** Moves the guest to another machine, which waits for it at a socket. */
  void migrate(Path socket) throws Exception {
    execute("{\"execute\": \"migrate-set-parameters\","
            + " \"arguments\": {\"max-bandwidth\": 400000000, \"downtime-limit\": 1000}}",
        "{\"execute\": \"migrate\", \"arguments\": {\"uri\": \"unix:" + socket + "\"}}");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String reply = "";
    while (!reply.contains("completed")) {
      reply = execute("{\"execute\": \"query-migrate\"}");
      if (System.nanoTime() - deadline > 0 || reply.contains("failed")) {
        throw new AssertionError("the guest does not migrate: " + reply);
      }
      Thread.sleep(100);
    }
    execute("{\"execute\": \"quit\"}");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
