package io.flatview.examples.vhost.session;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.examples.vhost.host.UnixSocket;
import io.flatview.examples.vhost.queue.QueueCounters;
import io.flatview.examples.virtio.VirtioDevice;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Serves a device to any number of front ends at a socket, each in a session of its own: two while a guest migrates
 * from one to the other.
 */
public final class VhostServer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(VhostServer.class.getName());

  private final UnixSocket socket;
  private final Path path;
  private final VirtioDevice device;
  private final ReclaimPolicy policy;
  private final Supplier<? extends MemorySystem> memories;
  private final QueueCounters counters = new QueueCounters();
  private final List<Serving> sessions = new CopyOnWriteArrayList<>();
  private volatile boolean closing;

  /** A session and its thread. */
  private record Serving(Session session, Thread thread) {}

  /**
   * Listens; front ends are accepted by {@link #run()}.
   *
   * @param path of the socket
   * @param device the device to serve; stays open
   * @param policy by which the maps reclaim; stays open
   * @param memories makes a map for each session, which closes it
   * @throws IOException if the socket cannot be had
   */
  public VhostServer(
      Path path, VirtioDevice device, ReclaimPolicy policy, Supplier<? extends MemorySystem> memories)
      throws IOException {
    this.path = path;
    this.device = device;
    this.policy = policy;
    this.memories = memories;
    this.socket = UnixSocket.listen(path);
  }

  /**
   * Accepts front ends until {@link #close()}.
   *
   * @throws IOException if there can be no more
   */
  public void run() throws IOException {
    while (!closing) {
      UnixSocket accepted = socket.accept();
      if (accepted == null) {
        return;
      }
      begin(accepted);
    }
  }

  private void begin(UnixSocket accepted) {
    Session session;
    try {
      session = new Session(accepted, device, memories.get(), policy, counters);
    } catch (Throwable e) {
      accepted.close();
      throw e;
    }
    Thread thread = Thread.ofPlatform().name("vhost-session").daemon().unstarted(() -> serve(session));
    sessions.add(new Serving(session, thread));
    thread.start();
  }

  private void serve(Session session) {
    try (session) {
      session.run();
    } catch (Throwable e) {
      LOG.log(WARNING, "a session failed", e);
    } finally {
      sessions.removeIf(each -> each.session == session);
    }
  }

  /**
   * The counts of the queues of all sessions.
   *
   * @return counts that go on
   */
  public QueueCounters counters() {
    return counters;
  }

  /** Ends all sessions, and waits for them. */
  @Override
  public void close() {
    closing = true;
    socket.shutDown();
    for (Serving each : sessions) {
      each.session.stop();
      join(each.thread);
    }
    socket.close();
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.log(WARNING, "the socket " + path + " stays behind", e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
