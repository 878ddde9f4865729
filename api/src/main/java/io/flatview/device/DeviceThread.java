package io.flatview.device;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReadSection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread in which a device serves requests, so that the guest's accesses to registers need not wait for them.
 *
 * <p>It lives as long as the device: an exception of a request goes to {@link Work#failed}, and the next request is
 * served; so does an error about a section that a request has left open, which is left for it. It ends soon after
 * {@link #close()}: from then on each access of its port fails, and a thread that waits for the host longer than {@link
 * #PATIENCE} is left to end by itself. Requests are not queued: calls of {@link #wake()} that come before the thread
 * looks for work count as one. While the thread waits, it delays no grace period.
 */
public final class DeviceThread implements AutoCloseable {

  /** How long {@link #close()} waits, where the host is not held up. */
  public static final Duration PATIENCE = Duration.ofMillis(900);

  private static final Duration STEP = Duration.ofMillis(20);

  /** The work of the thread, which calls all methods. */
  public interface Work {

    /**
     * Serves all requests that wait; called after {@link DeviceThread#wake()}, outside of any section.
     *
     * @param port makes the accesses to memory
     * @throws Exception if serving fails
     */
    void serve(DmaPort port) throws Exception;

    /**
     * A call of {@link #serve} has failed: the place to tell the guest that the device needs a reset. Not called for
     * failures once the thread is to end.
     *
     * @param cause the exception
     */
    void failed(Throwable cause);

    /** The thread ends, and serves no more: the place to close resources that only it uses. */
    default void ended() {}
  }

  /** A wait for the end of a thread. */
  interface Join {
    boolean endsWithin(Duration longest) throws InterruptedException;
  }

  private final MemorySystem memory;
  private final AddressSpace space;
  private final Work work;
  private final Thread thread;
  private volatile boolean woken;
  private volatile boolean closing;

  /**
   * Starts a thread, a daemon.
   *
   * @param name the name of the thread and of its reader
   * @param memory the memory system whose reader it uses
   * @param space the address space that the device accesses
   * @param work the work that it does
   */
  public DeviceThread(String name, MemorySystem memory, AddressSpace space, Work work) {
    this.memory = Objects.requireNonNull(memory, "memory");
    this.space = Objects.requireNonNull(space, "space");
    this.work = Objects.requireNonNull(work, "work");
    thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    thread.start();
  }

  /** Wakes the thread to serve requests. Any thread may call this; it does not wait. */
  public void wake() {
    woken = true;
    LockSupport.unpark(thread);
  }

  /**
   * Whether the thread is to end.
   *
   * @return true from {@link #close()} on
   */
  public boolean isClosing() {
    return closing;
  }

  private void run() {
    try (MapReader reader = memory.newReader(thread.getName())) {
      serveUntilClosed(reader);
    } catch (Throwable e) {
      report(e);
    } finally {
      end();
    }
  }

  private void serveUntilClosed(MapReader reader) {
    DmaPort port = new DmaPort(reader, space, this::isClosing);
    while (!closing) {
      sleep(reader);
      // Before the work looks at memory, so that it sees what was there at any wake-up this store hides. The volatile
      // load in serve() keeps its loads behind the store; the store in wake() is behind those of the waking thread.
      woken = false;
      serve(port);
      leaveForgotten(reader);
    }
  }

  private void sleep(MapReader reader) {
    reader.offline();
    while (!woken && !closing) {
      Thread.interrupted(); // left by the work; it would turn the sleep into a spin
      LockSupport.park(this);
    }
    reader.online();
  }

  /** Leaves the sections that the work has forgotten: they would keep memory, and the reader from going offline. */
  private void leaveForgotten(MapReader reader) {
    boolean forgotten = false;
    while (isInside(reader)) {
      forgotten = true;
      try (ReadSection own = reader.enter()) {
        leave(own);
      }
    }
    if (forgotten) {
      fail(new IllegalStateException("the work of device thread '" + thread.getName()
          + "' left a section open, which was left for it; enter sections with try-with-resources"));
    }
  }

  private static boolean isInside(MapReader reader) {
    try {
      reader.quiescent();
      return false;
    } catch (IllegalStateException _) {
      return true;
    }
  }

  /** Leaves the innermost section, that is one more than the caller's try-with-resources leaves. */
  private static void leave(ReadSection innermost) {
    innermost.close();
  }

  private void serve(DmaPort port) {
    try {
      if (!closing) {
        work.serve(port);
      }
    } catch (Throwable e) {
      fail(e);
    }
  }

  private void fail(Throwable cause) {
    if (closing) {
      return;
    }
    try {
      work.failed(cause);
    } catch (Throwable e) {
      report(e);
    }
  }

  private void report(Throwable e) {
    if (!closing) {
      warn(" failed", e);
    }
  }

  private void end() {
    try {
      work.ended();
    } catch (Throwable e) {
      warn(" failed as it ended", e);
    }
  }

  /** A log that throws must end neither the thread nor a close. */
  private void warn(String what, Throwable e) {
    try {
      System.getLogger(DeviceThread.class.getName()).log(
          WARNING, "device thread '" + thread.getName() + "'" + what, e);
    } catch (Throwable _) {
      // the warning is lost
    }
  }

  /**
   * Ends the thread, and waits for it, for {@link #PATIENCE} at most; also if the calling thread is interrupted, which
   * it stays. It must not hold a lock that the work takes.
   */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    if (Thread.currentThread() != thread && !endsInTime(thread::join)) {
      StackTraceElement[] stack = thread.getStackTrace();
      if (stack.length > 0) { // else it has ended by now
        warn(" is left to end by itself, in " + stack[0], null);
      }
    }
  }

  /** Counts short waits, and reads no clock: while the host is held up, the thread gets no time either. */
  static boolean endsInTime(Join join) {
    boolean interrupted = false;
    boolean ended = false;
    for (Duration left = PATIENCE; !ended && left.isPositive(); left = left.minus(STEP)) {
      try {
        ended = join.endsWithin(STEP);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return ended;
  }
}
