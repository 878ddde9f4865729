package io.flatview.examples.virtio;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
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

    private static final MethodHandle OPEN = call("open", ADDRESS, JAVA_INT);
    private static final MethodHandle CLOSE = call("close", JAVA_INT);
    private static final MethodHandle ALLOCATE = call("fallocate", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

    @SuppressWarnings("restricted")
    private static MethodHandle call(String name, MemoryLayout... arguments) {
      MemorySegment address = Linker.nativeLinker().defaultLookup().find(name)
          .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
      return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
    }
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
      return new Holes((int) Calls.OPEN.invokeExact(name, READ_WRITE | CLOSE_ON_EXEC));
    } catch (Throwable _) {
      return new Holes(-1);
    }
  }

  /**
   * Makes a hole.
   *
   * @return whether the bytes are zeros now; nothing has changed otherwise
   */
  boolean make(long position, long bytes) {
    return descriptor >= 0 && run(() -> (int) Calls.ALLOCATE.invokeExact(
        descriptor, PUNCH_HOLE | KEEP_SIZE, position, bytes)) == 0;
  }

  /** A call with its arguments bound. */
  private interface Call {
    int run() throws Throwable;
  }

  private static int run(Call call) {
    try {
      return call.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a native call throws no checked exception", e);
    }
  }

  @Override
  public void close() {
    if (descriptor >= 0) {
      run(() -> (int) Calls.CLOSE.invokeExact(descriptor));
    }
  }
}
