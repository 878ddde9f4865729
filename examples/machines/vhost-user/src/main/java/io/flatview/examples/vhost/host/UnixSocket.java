package io.flatview.examples.vhost.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A stream socket of the Unix domain over which descriptors travel. One thread receives and one sends, which may be
 * others; any thread may {@link #shutDown} it.
 */
public final class UnixSocket implements AutoCloseable {

  /** As many descriptors as a message may bring. */
  public static final int MOST_DESCRIPTORS = 32;

  private static final int UNIX = 1;
  private static final int STREAM = 1;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int BOTH_WAYS = 2;
  private static final int BACKLOG = 8;
  private static final int PATH_BYTES = 108;

  private static final int SOCKET_LEVEL = 1;
  private static final int RIGHTS = 1;
  private static final int NO_SIGNAL = 0x4000;
  private static final int RECEIVE_CLOSE_ON_EXEC = 0x40000000;
  private static final int CONTROL_TRUNCATED = 8;

  private static final int HEADER_BYTES = 56;
  private static final int CONTROL_HEADER_BYTES = 16;
  private static final int CONTROL_BYTES = CONTROL_HEADER_BYTES + Integer.BYTES * MOST_DESCRIPTORS;

  private final Descriptor descriptor;

  private UnixSocket(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Takes a descriptor that another process sent, or that was inherited.
   *
   * @param descriptor owned by the socket from now on
   * @return the socket
   */
  public static UnixSocket of(Descriptor descriptor) {
    return new UnixSocket(descriptor);
  }

  /**
   * Makes two sockets that are connected to each other.
   *
   * @return both
   * @throws IOException if the process has too many descriptors
   */
  public static List<UnixSocket> pair() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate(JAVA_INT, 2);
      HostException.check("socketpair", Libc.socketPair(UNIX, STREAM | CLOSE_ON_EXEC, numbers));
      return List.of(
          new UnixSocket(new Descriptor(numbers.getAtIndex(JAVA_INT, 0))),
          new UnixSocket(new Descriptor(numbers.getAtIndex(JAVA_INT, 1))));
    }
  }

  /**
   * Listens at a path. A socket that another process left there, and at which no process listens, is replaced.
   *
   * @param path the path of the socket
   * @return the socket
   * @throws IOException if something else is there, or another process listens
   */
  public static UnixSocket listen(Path path) throws IOException {
    removeStale(path);
    UnixSocket socket = create();
    try (Arena arena = Arena.ofConfined()) {
      HostException.check("bind to " + path, Libc.bind(socket.descriptor.number(), address(arena, path)));
      HostException.check("listen at " + path, Libc.listen(socket.descriptor.number(), BACKLOG));
      return socket;
    } catch (Throwable e) {
      socket.close();
      throw e;
    }
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    if (Files.isRegularFile(path) || Files.isDirectory(path)) {
      throw new IOException(path + " is there already, and no socket");
    }
    try (UnixSocket _ = connect(path)) {
      throw new IOException("another process listens at " + path);
    } catch (HostException _) {
      Files.delete(path);
    }
  }

  /**
   * Connects to a socket at a path.
   *
   * @param path the path of the socket
   * @return the connection
   * @throws IOException if no process listens there
   */
  public static UnixSocket connect(Path path) throws IOException {
    UnixSocket socket = create();
    try (Arena arena = Arena.ofConfined()) {
      HostException.check("connect to " + path, Libc.connect(socket.descriptor.number(), address(arena, path)));
      return socket;
    } catch (Throwable e) {
      socket.close();
      throw e;
    }
  }

  private static UnixSocket create() throws IOException {
    return new UnixSocket(Descriptor.of("socket", Libc.socket(UNIX, STREAM | CLOSE_ON_EXEC)));
  }

  private static MemorySegment address(Arena arena, Path path) throws IOException {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    if (name.length >= PATH_BYTES) {
      throw new IOException("the path of a socket has " + (PATH_BYTES - 1) + " bytes at most: " + path);
    }
    MemorySegment address = arena.allocate(Short.BYTES + PATH_BYTES);
    address.set(JAVA_SHORT, 0, (short) UNIX);
    MemorySegment.copy(name, 0, address, JAVA_BYTE, Short.BYTES, name.length);
    return address;
  }

  /**
   * Waits for a connection.
   *
   * @return the connection, or null if this socket was shut down
   * @throws IOException if there can be none
   */
  public UnixSocket accept() throws IOException {
    int result = Libc.accept(descriptor.number(), CLOSE_ON_EXEC);
    while (result == -Libc.EINTR) {
      result = Libc.accept(descriptor.number(), CLOSE_ON_EXEC);
    }
    return result == -Libc.EINVAL ? null : new UnixSocket(Descriptor.of("accept", result));
  }

  /**
   * Receives exactly as many bytes as a segment holds, and the descriptors that come with them.
   *
   * @param into the native memory to fill
   * @param descriptors gets what comes, to be closed by the caller also after a failure
   * @return false if the other side has closed the connection, before the first byte
   * @throws IOException if the connection is broken, or more descriptors came than there may
   */
  public boolean receive(MemorySegment into, List<Descriptor> descriptors) throws IOException {
    long done = 0;
    while (done < into.byteSize()) {
      long count = receiveSome(into.asSlice(done), descriptors);
      if (count == 0 && done == 0) {
        return false;
      }
      if (count == 0) {
        throw new IOException("the connection ended within a message");
      }
      done += count;
    }
    return true;
  }

  private long receiveSome(MemorySegment into, List<Descriptor> descriptors) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment control = arena.allocate(CONTROL_BYTES, Long.BYTES);
      MemorySegment header = header(arena, into, control);
      long count = Libc.receive(descriptor.number(), header, RECEIVE_CLOSE_ON_EXEC);
      while (count == -Libc.EINTR) {
        count = Libc.receive(descriptor.number(), header, RECEIVE_CLOSE_ON_EXEC);
      }
      HostException.check("recvmsg", count);
      descriptors.addAll(taken(control, header.get(JAVA_LONG, 40)));
      if ((header.get(JAVA_INT, 48) & CONTROL_TRUNCATED) != 0) {
        throw new IOException("a message with more than " + MOST_DESCRIPTORS + " descriptors");
      }
      return count;
    }
  }

  private static List<Descriptor> taken(MemorySegment control, long length) {
    List<Descriptor> taken = new ArrayList<>();
    if (length >= CONTROL_HEADER_BYTES
        && control.get(JAVA_INT, 8) == SOCKET_LEVEL && control.get(JAVA_INT, 12) == RIGHTS) {
      long end = Math.min(control.get(JAVA_LONG, 0), length);
      for (long at = CONTROL_HEADER_BYTES; at + Integer.BYTES <= end; at += Integer.BYTES) {
        taken.add(new Descriptor(control.get(JAVA_INT, at)));
      }
    }
    return taken;
  }

  /**
   * Sends bytes, and descriptors with the first of them.
   *
   * @param from the native memory to send
   * @param descriptors the descriptors to send; they stay open here
   * @throws IOException if the connection is broken
   */
  public void send(MemorySegment from, List<Descriptor> descriptors) throws IOException {
    long done = 0;
    while (done < from.byteSize()) {
      done += sendSome(from.asSlice(done), done == 0 ? descriptors : List.of());
    }
  }

  private long sendSome(MemorySegment from, List<Descriptor> descriptors) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment header = header(arena, from, control(arena, descriptors));
      long count = Libc.send(descriptor.number(), header, NO_SIGNAL);
      while (count == -Libc.EINTR) {
        count = Libc.send(descriptor.number(), header, NO_SIGNAL);
      }
      return HostException.check("sendmsg", count);
    }
  }

  private static MemorySegment control(Arena arena, List<Descriptor> descriptors) {
    if (descriptors.isEmpty()) {
      return MemorySegment.NULL;
    }
    long bytes = CONTROL_HEADER_BYTES + (long) Integer.BYTES * descriptors.size();
    MemorySegment control = arena.allocate(bytes + 7 & -8, Long.BYTES);
    control.set(JAVA_LONG, 0, bytes);
    control.set(JAVA_INT, 8, SOCKET_LEVEL);
    control.set(JAVA_INT, 12, RIGHTS);
    for (int i = 0; i < descriptors.size(); i++) {
      control.set(JAVA_INT, CONTROL_HEADER_BYTES + (long) Integer.BYTES * i, descriptors.get(i).number());
    }
    return control;
  }

  /** A {@code struct msghdr} for one piece of memory. */
  private static MemorySegment header(Arena arena, MemorySegment bytes, MemorySegment control) {
    MemorySegment piece = arena.allocate(16, Long.BYTES);
    piece.set(ADDRESS, 0, bytes);
    piece.set(JAVA_LONG, 8, bytes.byteSize());
    MemorySegment header = arena.allocate(HEADER_BYTES, Long.BYTES);
    header.set(ADDRESS, 16, piece);
    header.set(JAVA_LONG, 24, 1);
    header.set(ADDRESS, 32, control);
    header.set(JAVA_LONG, 40, control.byteSize());
    return header;
  }

  /** Ends both ways: whatever waits in this socket, here or on the other side, finds it ended. */
  public void shutDown() {
    Libc.shutdown(descriptor.number(), BOTH_WAYS);
  }

  /**
   * Its descriptor, to be sent.
   *
   * @return owned by the socket
   */
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
