package io.flatview.examples.virtio;

import io.flatview.examples.virtio.host.CLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Makes holes in a file by {@code fallocate}, which the JDK has no way to: parts that read as zeros and take no room.
 * Constants are those of Linux. Where that is not to be had, nothing is done, and the caller hears of it. Thread-safe
 * until it is closed.
 */
final class Holes implements AutoCloseable {

  private static final int READ_WRITE = 2;
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;

  /** The calls, linked when the first disk is opened. */
  private static final class Calls {

    private static final MethodHandle OPEN = CLibrary.ofPointer("open");
    private static final MethodHandle CLOSE = CLibrary.ofNumbers("close");
    private static final MethodHandle ALLOCATE = CLibrary.ofNumbers("fallocate");
  }

  /** Of the file; less than 0 if no holes can be made. */
  private final int descriptor;

  private Holes(int descriptor) {
    this.descriptor = descriptor;
  }

  /** For a file that can be written; if the system has no such call, one that makes no holes. */
  static Holes in(Path path) {
    if (!System.getProperty("os.name").equals("Linux")) {
      return new Holes(-1);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toString());
      return new Holes(CLibrary.number(
          errors -> (long) Calls.OPEN.invokeExact(errors, name, (long) (READ_WRITE | CLOSE_ON_EXEC), 0L)));
    } catch (RuntimeException | Error _) {
      return new Holes(-1);
    }
  }

  /**
   * Makes a hole.
   *
   * @return whether the bytes are zeros now; nothing has changed otherwise
   */
  boolean make(long position, long bytes) {
    return descriptor >= 0 && CLibrary.number(errors -> (long) Calls.ALLOCATE.invokeExact(
        errors, (long) descriptor, (long) (PUNCH_HOLE | KEEP_SIZE), position, bytes)) == 0;
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      CLibrary.number(errors -> (long) Calls.CLOSE.invokeExact(errors, (long) descriptor, 0L, 0L, 0L));
    }
  }
}
