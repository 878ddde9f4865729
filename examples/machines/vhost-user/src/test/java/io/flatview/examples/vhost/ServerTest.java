package io.flatview.examples.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.vhost.front.DriverQueue;
import io.flatview.examples.vhost.front.FrontEnd;
import io.flatview.examples.vhost.front.GuestRam;
import io.flatview.examples.vhost.host.UnixSocket;
import io.flatview.examples.vhost.session.VhostServer;
import io.flatview.examples.virtio.BlockDevice;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The server at its socket. */
class ServerTest {

  @TempDir
  private Path folder;

  private void withAServer(Callable<Void> test) throws Exception {
    Path disk = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch"); BlockDevice device = new BlockDevice(disk)) {
      VhostServer server =
          new VhostServer(folder.resolve("socket"), device, policy, () -> DispatchMemory.create(policy));
      Thread thread = Thread.ofPlatform().start(() -> run(server));
      try (server) {
        test.call();
      }
      thread.join(30_000);
      assertFalse(thread.isAlive(), "the server does not end");
    }
  }

  private static void run(VhostServer server) {
    try {
      server.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(long sector) throws Exception {
    try (FrontEnd front = new FrontEnd(UnixSocket.connect(folder.resolve("socket")));
        GuestRam ram = new GuestRam(0, 4 << 20);
        DriverQueue queue = new DriverQueue(ram, 0, 0, 128, 0)) {
      front.negotiate(0);
      front.setTable(ram);
      queue.start(front, false);
      assertEquals(0, queue.request(DriverQueue.IN, sector, 1 << 20, 512));
    }
  }

  @Test
  void twoFrontEndsAreServedAtOnceAndMoreAfterThem() throws Exception {
    withAServer(() -> {
      try (FrontEnd first = new FrontEnd(UnixSocket.connect(folder.resolve("socket")))) {
        first.negotiate(0);
        read(0);
        read(1);
        first.negotiate(0);
      }
      read(2);
      return null;
    });
    assertFalse(Files.exists(folder.resolve("socket")));
  }

  @Test
  void aServerThatClosesEndsItsSessions() throws Exception {
    FrontEnd[] front = new FrontEnd[1];
    withAServer(() -> {
      front[0] = new FrontEnd(UnixSocket.connect(folder.resolve("socket")));
      front[0].negotiate(0);
      return null;
    });
    try (FrontEnd left = front[0]) {
      assertTrue(left.isClosed());
    }
  }

  @Test
  void aSocketThatWasLeftBehindIsReplacedAndOneInUseIsNot() throws Exception {
    Path path = folder.resolve("socket");
    UnixSocket.listen(path).close();
    assertTrue(Files.exists(path));
    withAServer(() -> {
      assertThrows(IOException.class, () -> UnixSocket.listen(path));
      read(0);
      return null;
    });
    Files.writeString(path, "a file");
    assertThrows(IOException.class, () -> UnixSocket.listen(path));
    assertEquals("a file", Files.readString(path));
  }

  @Test
  void aCommandLineThatCannotBeMetIsStatus2() throws Exception {
    String disk = Files.write(folder.resolve("disk.img"), new byte[512]).toString();
    String socket = folder.resolve("socket").toString();
    for (String[] arguments : new String[][] {
      {"--socket", socket, "--disk", folder.resolve("none").toString(), "--rcu", "epoch"},
      {"--socket", folder.resolve("no/socket").toString(), "--disk", disk, "--rcu", "epoch"},
      {"--socket", socket + "x".repeat(100), "--disk", disk, "--rcu", "epoch"},
      {"--socket", socket, "--disk", disk, "--queues", "0", "--rcu", "epoch"},
      {"--socket", socket},
    }) {
      StringWriter err = new StringWriter();
      int status = new CommandLine(new VhostUserBlkCommand()).setErr(new PrintWriter(err)).execute(arguments);
      assertEquals(2, status, err::toString);
      assertFalse(err.toString().contains("at io.flatview"), err::toString);
    }
  }
}
