package io.flatview.dispatch.ram;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The calls of Linux that the JDK has no words for: {@code mmap} without reservation, so that gigabytes cost nothing
 * until touched, and {@code madvise}, which gives pages back. Absent on other systems, and where this module may not
 * call native code.
 */
final class LinuxMemory {

  private static final int PROT_READ_WRITE = 0x3;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_REMOVE = 9;
  private static final long MAP_FAILED = -1;
  private static final Optional<LinuxMemory> PRESENT = link();

  private final MethodHandle mmap;
  private final MethodHandle munmap;
  private final MethodHandle madvise;
  private final long pageSize;

  private LinuxMemory(MethodHandle mmap, MethodHandle munmap, MethodHandle madvise, long pageSize) {
    this.mmap = mmap;
    this.munmap = munmap;
    this.madvise = madvise;
    this.pageSize = pageSize;
  }

  /** The binding, or empty where there is none. */
  static Optional<LinuxMemory> present() {
    return PRESENT;
  }

  private static Optional<LinuxMemory> link() {
    if (!System.getProperty("os.name").equals("Linux") || !LinuxMemory.class.getModule().isNativeAccessEnabled()) {
      return Optional.empty();
    }
    try {
      return Optional.of(linked());
    } catch (RuntimeException | LinkageError e) {
      System.getLogger(LinuxMemory.class.getName())
          .log(System.Logger.Level.DEBUG, "guest memory does without the calls of Linux", e);
      return Optional.empty();
    }
  }

  private static LinuxMemory linked() {
    ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
    ValueLayout.OfInt number = ValueLayout.JAVA_INT;
    return new LinuxMemory(
        bind("mmap", FunctionDescriptor.of(word, word, word, number, number, number, word)),
        bind("munmap", FunctionDescriptor.of(number, word, word)),
        bind("madvise", FunctionDescriptor.of(number, word, word, number)),
        pageSize(bind("getpagesize", FunctionDescriptor.of(number))));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }

  private static long pageSize(MethodHandle getpagesize) {
    try {
      return (int) getpagesize.invokeExact();
    } catch (Throwable e) { // invokeExact declares it; a downcall throws nothing of its own
      throw new IllegalStateException("getpagesize cannot be called", e);
    }
  }

  /** Zeroed pages; the segment knows no end of life. */
  @SuppressWarnings("restricted")
  MemorySegment map(long bytes) {
    long address = call(bytes);
    if (address == MAP_FAILED) {
      throw new OutOfMemoryError("the system refuses to reserve that much");
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  private long call(long bytes) {
    try {
      return (long) mmap.invokeExact(0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("mmap cannot be called", e);
    }
  }

  void unmap(MemorySegment mapping) {
    int failed;
    try {
      failed = (int) munmap.invokeExact(mapping.address(), mapping.byteSize());
    } catch (Throwable e) {
      throw new IllegalStateException("munmap cannot be called", e);
    }
    if (failed != 0) {
      throw new IllegalStateException("munmap of " + mapping.byteSize() + " bytes of guest memory failed");
    }
  }

  /** Drops private pages, which read as zeros from then on; tells whether the system did. */
  boolean dontNeed(MemorySegment pages) {
    return advise(pages, MADV_DONTNEED);
  }

  /** Makes a hole in the file behind shared pages; tells whether the file system could. */
  boolean remove(MemorySegment pages) {
    return advise(pages, MADV_REMOVE);
  }

  private boolean advise(MemorySegment pages, int advice) {
    try {
      return (int) madvise.invokeExact(pages.address(), pages.byteSize(), advice) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("madvise cannot be called", e);
    }
  }

  /** The whole pages in a part of a mapping, possibly none. */
  MemorySegment wholePages(MemorySegment part) {
    long start = roundUp(part.address()) - part.address();
    long end = (part.address() + part.byteSize() & -pageSize) - part.address();
    return end <= start ? part.asSlice(0, 0) : part.asSlice(start, end - start);
  }

  private long roundUp(long address) {
    return address + pageSize - 1 & -pageSize;
  }
}
