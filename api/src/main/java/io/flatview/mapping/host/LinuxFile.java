package io.flatview.mapping.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** An open file of Linux, which is mapped in parts. Used by one thread. */
final class LinuxFile implements OpenFile {

  private static final int O_RDONLY = 0;
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x80000;
  private static final int SEEK_END = 2;
  private static final int MAP_SHARED = 0x1;
  private static final int MS_SYNC = 4;
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt NUMBER = ValueLayout.JAVA_INT;
  private static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
  private static final MethodHandle OPEN = LinuxMemory.bind("open",
      FunctionDescriptor.of(NUMBER, ValueLayout.ADDRESS, NUMBER), Errno.CAPTURED, Linker.Option.firstVariadicArg(2));
  private static final MethodHandle LSEEK =
      LinuxMemory.bind("lseek", FunctionDescriptor.of(WORD, NUMBER, WORD, NUMBER));
  private static final MethodHandle CLOSE = LinuxMemory.bind("close", FunctionDescriptor.of(NUMBER, NUMBER));

  private static final class Sync {
    static final MethodHandle MSYNC =
        LinuxMemory.bind("msync", FunctionDescriptor.of(NUMBER, WORD, WORD, NUMBER));
  }

  private final LinuxMemory linux;
  private final HostAllocator allocator;
  private final String name;
  private final int descriptor;
  private final boolean owned;

  private LinuxFile(LinuxMemory linux, HostAllocator allocator, String name, int descriptor, boolean owned) {
    this.linux = linux;
    this.allocator = allocator;
    this.name = name;
    this.descriptor = descriptor;
    this.owned = owned;
  }

  /** Opens a file of the default file system. */
  static LinuxFile open(LinuxMemory linux, HostAllocator allocator, String path, FileUse use) throws IOException {
    int flags = O_CLOEXEC | (use == FileUse.SHARED ? O_RDWR : O_RDONLY);
    try (Arena arena = Arena.ofConfined()) {
      Errno errno = new Errno(arena);
      int descriptor = open(errno.state(), arena.allocateFrom(path, NAMES), flags);
      if (descriptor < 0) {
        throw refused(path, errno.number());
      }
      return new LinuxFile(linux, allocator, path, descriptor, true);
    }
  }

  /** A file that its user has opened and closes. */
  static LinuxFile of(LinuxMemory linux, HostAllocator allocator, int descriptor) {
    return new LinuxFile(linux, allocator, "descriptor " + descriptor, descriptor, false);
  }

  private static int open(MemorySegment state, MemorySegment name, int flags) {
    try {
      return (int) OPEN.invokeExact(state, name, flags);
    } catch (Throwable e) {
      throw LinuxMemory.notCalled("open", e);
    }
  }

  private static IOException refused(String name, int error) {
    return switch (error) {
      case Errno.ENOENT -> new NoSuchFileException(name);
      case Errno.EACCES -> new AccessDeniedException(name);
      case Errno.ENOMEM -> new FileSystemException(name, null,
          "the system has no room to map it: the process has too many mappings (vm.max_map_count), or too little"
              + " address space");
      default -> new FileSystemException(name, null, "the system refuses it with error " + error);
    };
  }

  @Override
  public long length() throws IOException {
    long length = end();
    if (length < 0) {
      throw new FileSystemException(name, null, "it is no file that has a length, and cannot be mapped");
    }
    return length;
  }

  private long end() {
    try {
      return (long) LSEEK.invokeExact(descriptor, 0L, SEEK_END);
    } catch (Throwable e) {
      throw LinuxMemory.notCalled("lseek", e);
    }
  }

  /** Maps the whole pages around the part, and returns the part only. */
  @Override
  public HostBlock map(long offset, long bytes, FileUse use) throws IOException {
    if (bytes == 0) {
      return allocator.empty();
    }
    long before = LinuxMemory.intoPage(offset);
    int protection = LinuxMemory.PROT_READ | (use == FileUse.READ_ONLY ? 0 : LinuxMemory.PROT_WRITE);
    int flags = use == FileUse.PRIVATE ? LinuxMemory.MAP_PRIVATE : MAP_SHARED;
    try (Arena arena = Arena.ofConfined()) {
      Errno errno = new Errno(arena);
      MemorySegment pages = linux.file(errno, before + bytes, protection, flags, descriptor, offset - before)
          .orElseThrow(() -> refused(name, errno.number()));
      return allocator.mapped(linux, pages, before, bytes, use);
    }
  }

  @Override
  public void close() {
    if (!owned) {
      return;
    }
    try {
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw LinuxMemory.notCalled("close", e);
    }
  }

  /**
   * Writes changed pages back to their file, waits until they are written, and returns whether the system wrote them.
   */
  static boolean sync(MemorySegment part) {
    long before = LinuxMemory.intoPage(part.address());
    try {
      return (int) Sync.MSYNC.invokeExact(part.address() - before, part.byteSize() + before, MS_SYNC) == 0;
    } catch (Throwable e) {
      throw LinuxMemory.notCalled("msync", e);
    }
  }
}
