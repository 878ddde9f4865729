package io.flatview.examples.vhost.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** An eventfd: a counter that one side adds to and the other waits for. Neither ever blocks on it but in a poll. */
public final class Event implements AutoCloseable {

  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int NON_BLOCKING = 0x800;
  private static final int GET_FLAGS = 3;
  private static final int SET_FLAGS = 4;
  private static final String KIND = "anon_inode:[eventfd]";
  private static final MemorySegment ONE = one();

  private final Descriptor descriptor;
  private final MemorySegment count = Arena.ofAuto().allocate(JAVA_LONG);

  private Event(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  private static MemorySegment one() {
    return Arena.global().allocateFrom(JAVA_LONG, 1L).asReadOnly();
  }

  /**
   * Makes one.
   *
   * @return an event that has not happened
   * @throws IOException if the process has too many descriptors
   */
  public static Event create() throws IOException {
    return new Event(Descriptor.of("eventfd", Libc.event(CLOSE_ON_EXEC | NON_BLOCKING)));
  }

  /**
   * Takes a descriptor that another process sent. It is made non-blocking, since that process can fill the counter.
   *
   * @param descriptor owned by the event from now on
   * @return the event
   * @throws IOException if the descriptor is no eventfd; it is closed then
   */
  public static Event of(Descriptor descriptor) throws IOException {
    try {
      String kind = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor.number())).toString();
      if (!kind.equals(KIND)) {
        throw new IOException("the descriptor is no eventfd but " + kind);
      }
      long flags = HostException.check("fcntl", Libc.control(descriptor.number(), GET_FLAGS, 0));
      HostException.check("fcntl", Libc.control(descriptor.number(), SET_FLAGS, (int) flags | NON_BLOCKING));
      return new Event(descriptor);
    } catch (Throwable e) {
      descriptor.close();
      throw e;
    }
  }

  /** Lets it happen. A counter that is full has happened often enough. */
  public void signal() {
    Libc.write(descriptor.number(), ONE);
  }

  /** Takes it as not happened. By one thread at a time. */
  public void clear() {
    Libc.read(descriptor.number(), count);
  }

  /**
   * Its descriptor, to be sent or polled.
   *
   * @return owned by the event
   */
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
