package io.flatview.examples.cli.qmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.cli.CommandRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A QEMU that answers with prepared lines. */
class QemuMonitorTest {

  private static final String MAP = "address-space: memory\\r\\n"
      + "  0000000000000000-ffffffffffffffff (prio 0, i/o): system\\r\\n\\r\\n";

  @TempDir private Path folder;

  /** Answers one client, a text for each line it sends; the first text is the greeting. */
  private Path qemu(String... answers) throws IOException {
    Path socket = folder.resolve("qmp");
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofPlatform().daemon().start(() -> {
      try (server; SocketChannel client = server.accept()) {
        BufferedReader in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
        OutputStream out = Channels.newOutputStream(client);
        for (String answer : List.of(answers)) {
          out.write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
          in.readLine();
        }
      } catch (IOException e) {
        // The client has seen enough.
      }
    });
    return socket;
  }

  @Test
  void aRunningQemuIsAsked() throws IOException {
    Path socket = qemu("{\"QMP\": {\"version\": {\"qemu\": {\"major\": 7}}}}",
        "{\"event\": \"RESUME\", \"data\": {\"a\": [1, {}]}}\r\n{\"return\": {}}", "{\"return\": \"" + MAP + "\"}");
    CommandRun run = CommandRun.of("mtree", "--qmp", socket);
    assertEquals(new CommandRun(0, MAP.replace("\\r\\n", "\n"), ""), run);
  }

  @Test
  void aQemuThatDoesNotKnowTheOptionsIsAskedWithout() throws IOException {
    Path socket = qemu("{\"QMP\": {}}", "{\"return\": {}}", "{\"return\": \"mtree: unsupported option -o\\r\\n\"}",
        "{\"return\": \"" + MAP + "\"}");
    assertTrue(QemuMonitor.map(socket.toString(), Duration.ofSeconds(60)).contains("(prio 0, i/o): system"));
  }

  @Test
  void aRefusalIsToldInItsWords() throws IOException {
    Path socket = qemu("{\"QMP\": {}}", "{\"error\": {\"class\": \"X\", \"desc\": \"not now\"}}");
    MonitorException refused = assertThrows(
        MonitorException.class, () -> QemuMonitor.map(socket.toString(), Duration.ofSeconds(60)));
    assertTrue(refused.getMessage().endsWith("refuses: not now"), refused.getMessage());
  }

  @Test
  void aMonitorForPeopleIsToldFromOneForPrograms() throws IOException {
    CommandRun run = CommandRun.of("mtree", "--qmp", qemu("QEMU 7.2 monitor - type 'help' for more information"));
    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("does not speak QMP; start QEMU with -qmp unix:"), run.err());
  }

  @Test
  void aMonitorThatSaysNothingIsNotWaitedForForEver() throws IOException {
    ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try (silent) {
      silent.bind(UnixDomainSocketAddress.of(folder.resolve("silent")));
      MonitorException given = assertThrows(MonitorException.class,
          () -> QemuMonitor.map(folder.resolve("silent").toString(), Duration.ofMillis(300)));
      assertTrue(given.getMessage().contains("does not answer within"), given.getMessage());
    }
  }

  @Test
  void aSocketThatIsNotThereIsTheCommandLinesFault() {
    CommandRun run = CommandRun.of("mtree", "--qmp", folder.resolve("none"));
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("cannot be connected to"), run.err());
  }

  @Test
  void eitherAFileOrASocketIsRead() {
    assertEquals(2, CommandRun.of("mtree", "file", "--qmp", "socket").exitCode());
    assertEquals(2, CommandRun.of("mtree").exitCode());
  }
}
