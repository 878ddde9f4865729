package io.flatview.mapping.host;

import io.flatview.stack.Headroom;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Linux system calls that the JDK lacks: {@code mmap} without reservation, so that gigabytes cost nothing until
 * touched, {@code munmap} without a handshake of all threads, and {@code madvise}, which gives pages back. {@link
 * #present()} is empty on other systems, and where this module may not call native code. The segments have the global
 * scope.
 *
 * <p>Each call is linked at its first use: linking costs more than a map's first access. All calls are linked with the
 * type of {@code mmap}, which has the most parameters, as the JDK makes code for each type once: the first one takes
 * some 80 ms, each further one 15. The other functions ignore the parameters that they do not have, and of a result
 * that C declares as an int only the lower half counts. A call that keeps its error number has another type.
 */
public final class LinuxMemory {

  static final int PROT_READ = 0x1;
  static final int PROT_WRITE = 0x2;
  static final int MAP_PRIVATE = 0x2;
  private static final int MAP_ANONYMOUS_NORESERVE = 0x20 | 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_REMOVE = 9;
  private static final int NO_DESCRIPTOR = -1;
  private static final long FAILED = -1;
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt NUMBER = ValueLayout.JAVA_INT;
  private static final Optional<LinuxMemory> PRESENT = isPossible() ? Optional.of(new LinuxMemory()) : Optional.empty();

  private LinuxMemory() {}

  /*
   * Whether the classes below are linked. Linking goes deep, and a class whose initializer ran out of stack is lost for
   * good, so the first use asks for the stack beforehand. The fields are plain: a thread that reads false asks in vain.
   */
  private static boolean mapIsLinked;
  private static boolean refusedIsLinked;
  private static boolean pageIsLinked;
  private static boolean adviceIsLinked;

  /** Together, so that memory that was mapped can be unmapped, with however little stack or heap. */
  private static final class Map {
    static final MethodHandle MMAP = bind("mmap");
    static final MethodHandle MUNMAP = bind("munmap");
  }

  /** Linked after a call failed that did not keep its error number, as is rare. */
  private static final class Refused {
    static final MethodHandle MMAP = bind("mmap",
        FunctionDescriptor.of(WORD, WORD, WORD, NUMBER, NUMBER, NUMBER, WORD), Errno.CAPTURED);
  }

  private static final class Page {

    static final long SIZE = size();

    private static long size() {
      return call("getpagesize", bind("getpagesize"), 0, 0, 0);
    }
  }

  private static final class Advice {
    static final MethodHandle MADVISE = bind("madvise");
  }

  /**
   * The system calls, if they can be called here.
   *
   * @return empty on other systems, and without native access
   */
  public static Optional<LinuxMemory> present() {
    return PRESENT;
  }

  private static boolean isPossible() {
    return System.getProperty("os.name").equals("Linux")
        && ValueLayout.ADDRESS.byteSize() == WORD.byteSize()
        && LinuxMemory.class.getModule().isNativeAccessEnabled();
  }

  private static MethodHandle bind(String name) {
    return bind(name, FunctionDescriptor.of(WORD, WORD, WORD, NUMBER, NUMBER, NUMBER, WORD));
  }

  /** Calls a function of up to three parameters whose result is an int. */
  private static int call(String name, MethodHandle function, long first, long second, int third) {
    try {
      return (int) (long) function.invokeExact(first, second, third, 0, 0, 0L);
    } catch (Throwable e) { // invokeExact declares it; a downcall throws nothing of its own
      throw notCalled(name, e);
    }
  }

  /** The exception for a call that failed before the system was called; throws that of an exhausted JVM itself. */
  static IllegalStateException notCalled(String name, Throwable e) {
    if (e instanceof VirtualMachineError exhausted) {
      throw exhausted;
    }
    return new IllegalStateException(name + " cannot be called", e);
  }

  @SuppressWarnings("restricted")
  static MethodHandle bind(String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
  }

  /** The offset of an address within its page. */
  static long intoPage(long address) {
    return address & pageSize() - 1;
  }

  private static long pageSize() {
    if (!pageIsLinked) {
      Headroom.requireToLink();
      pageIsLinked = Page.SIZE > 0;
    }
    return Page.SIZE;
  }

  /**
   * Maps zeroed pages, which the system provides as they are touched.
   *
   * @param bytes the number of bytes, at least 1
   * @return the memory
   * @throws OutOfMemoryError if the system refuses
   */
  public MemorySegment anonymous(long bytes) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS_NORESERVE;
    long address = map(bytes, PROT_READ | PROT_WRITE, flags, NO_DESCRIPTOR, 0);
    if (address == FAILED) {
      throw new OutOfMemoryError("the system refuses to reserve that much");
    }
    return segment(address, bytes);
  }

  /** Maps a part of a file; empty if the system refuses twice, with the error number in {@code errno}. */
  Optional<MemorySegment> file(Errno errno, long bytes, int protection, int flags, int descriptor, long offset) {
    long first = map(bytes, protection, flags, descriptor, offset);
    long address = first == FAILED ? mapAgain(errno, bytes, protection, flags, descriptor, offset) : first;
    return address == FAILED ? Optional.empty() : Optional.of(segment(address, bytes));
  }

  private static long map(long bytes, int protection, int flags, int descriptor, long offset) {
    try {
      if (!mapIsLinked) {
        Headroom.requireToLink();
        mapIsLinked = Map.MMAP != null;
      }
      Headroom.require(); // or the stack might end after the system has mapped, and before an object knows of it
      return (long) Map.MMAP.invokeExact(0L, bytes, protection, flags, descriptor, offset);
    } catch (Throwable e) {
      throw notCalled("mmap", e);
    }
  }

  private static long mapAgain(Errno errno, long bytes, int protection, int flags, int descriptor, long offset) {
    try {
      if (!refusedIsLinked) {
        Headroom.requireToLink();
        refusedIsLinked = Refused.MMAP != null;
      }
      return (long) Refused.MMAP.invokeExact(errno.state(), 0L, bytes, protection, flags, descriptor, offset);
    } catch (Throwable e) {
      throw notCalled("mmap", e);
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment segment(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  /** Unmaps a mapping. The caller makes sure that no thread accesses it any more. */
  void unmap(MemorySegment mapping) {
    if (call("munmap", Map.MUNMAP, mapping.address(), mapping.byteSize(), 0) != 0) {
      throw new IllegalStateException("munmap of " + mapping.byteSize() + " bytes failed");
    }
  }

  /**
   * Drops private pages, which read as zeros from then on.
   *
   * @param pages the memory, whole pages of the host
   * @return whether the system dropped them
   */
  public boolean dontNeed(MemorySegment pages) {
    return advise(pages, MADV_DONTNEED);
  }

  /**
   * Punches a hole in the file of shared pages, which read as zeros from then on.
   *
   * @param pages the memory, whole pages of the host
   * @return whether the file system supports that
   */
  public boolean remove(MemorySegment pages) {
    return advise(pages, MADV_REMOVE);
  }

  private static boolean advise(MemorySegment pages, int advice) {
    if (!adviceIsLinked) {
      Headroom.requireToLink();
      adviceIsLinked = Advice.MADVISE != null;
    }
    return call("madvise", Advice.MADVISE, pages.address(), pages.byteSize(), advice) == 0;
  }

  /**
   * The whole pages in a part of a mapping.
   *
   * @param part any part of a mapping
   * @return the whole pages, possibly none
   */
  public MemorySegment wholePages(MemorySegment part) {
    long start = -part.address() & pageSize() - 1;
    long end = part.byteSize() - intoPage(part.address() + part.byteSize());
    return end <= start ? part.asSlice(0, 0) : part.asSlice(start, end - start);
  }
}
