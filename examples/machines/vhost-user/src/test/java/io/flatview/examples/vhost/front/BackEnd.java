package io.flatview.examples.vhost.front;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.vhost.host.UnixSocket;
import io.flatview.examples.vhost.queue.QueueCounters;
import io.flatview.examples.vhost.session.Session;
import io.flatview.examples.virtio.BlockDevice;
import io.flatview.examples.virtio.VirtioDevice;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A device in this process, and sessions with it. */
public final class BackEnd implements AutoCloseable {

  private static final Pattern OF_A_MESSAGE = Pattern.compile("socket:|anon_inode:\\[eventfd]|/memfd:");

  /** Kept, so that its level is: tests break hundreds of rings and sessions. */
  private static final Logger QUIET = Logger.getLogger("io.flatview.examples.vhost");

  static {
    QUIET.setLevel(Level.OFF);
  }

  private final ReclaimPolicy policy;
  private final VirtioDevice device;
  public final QueueCounters counters = new QueueCounters();

  public BackEnd(String flavour, VirtioDevice device) {
    this.policy = ReclaimPolicies.discover(flavour);
    this.device = device;
  }

  public static BackEnd disk(String flavour, Path disk, int queues) throws IOException {
    return new BackEnd(flavour, new BlockDevice(disk, false, queues));
  }

  /** A session, and a front end that is connected to it. */
  public Link connect() throws IOException {
    List<UnixSocket> pair = UnixSocket.pair();
    Session session = new Session(pair.get(0), device, DispatchMemory.create(policy), policy, counters);
    Thread thread = Thread.ofPlatform().name("session").daemon().start(() -> {
      try (session) {
        session.run();
      }
    });
    return new Link(new FrontEnd(pair.get(1)), thread);
  }

  /** A connection: closed when the session has ended. */
  public record Link(FrontEnd front, Thread thread) implements AutoCloseable {

    @Override
    public void close() {
      front.close();
      if (!hasEnded()) {
        throw new IllegalStateException("the session does not end: " + List.of(thread.getStackTrace()));
      }
    }

    private boolean hasEnded() {
      try {
        return thread.join(Duration.ofSeconds(30));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  /**
   * How many descriptors this process has open of the kinds that messages have: sockets, events, and memory. The JVM
   * opens jars and other files when it likes.
   */
  public static long descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(BackEnd::isOfAMessage).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOfAMessage(Path descriptor) {
    try {
      return OF_A_MESSAGE.matcher(Files.readSymbolicLink(descriptor).toString()).lookingAt();
    } catch (IOException _) {
      return false; // closed by now, as that of the list itself will be
    }
  }

  /** How many mappings of nameless files this process has. */
  public static long mappings() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains("memfd:")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    device.close();
    policy.close();
  }
}
