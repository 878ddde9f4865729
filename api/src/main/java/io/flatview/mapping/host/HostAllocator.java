package io.flatview.mapping.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Takes memory from the system. In checked mode, and without native access, every segment belongs to an arena that the
 * release closes, so that a later access throws where it would otherwise crash.
 *
 * <p>With native access, segments of all origins have the same class, which the JDK has for plain native memory: a
 * second class at the same load or store would cost every access a type check.
 *
 * <p><b>Threading.</b> Immutable; for any thread.
 */
public final class HostAllocator {

  private final boolean checked;
  private final Optional<LinuxMemory> linux;
  private final Runnable report;

  /**
   * Makes an allocator.
   *
   * @param checked whether an access after the release must throw rather than crash
   * @param linux the system calls to use; if empty, all memory belongs to arenas
   * @param report called by a cleaner's thread if memory was dropped unreleased; must not refer to an object that keeps
   *     the memory reachable
   */
  public HostAllocator(boolean checked, Optional<LinuxMemory> linux, Runnable report) {
    this.checked = checked;
    this.linux = linux;
    this.report = report;
  }

  /**
   * Whether memory is given back without a handshake of all threads.
   *
   * @return false in checked mode, and without native access
   */
  public boolean isDirect() {
    return linux.isPresent() && !checked;
  }

  /**
   * Allocates private zeroed pages. With native access the system provides them as they are touched.
   *
   * @param bytes the number of bytes, 0 or more
   * @return the memory
   * @throws OutOfMemoryError if the system refuses
   */
  public HostBlock anonymous(long bytes) {
    if (bytes == 0) {
      return empty();
    }
    if (linux.isEmpty()) {
      return allocated(bytes);
    }
    LinuxMemory calls = linux.get();
    return mapped(calls, calls.anonymous(bytes), 0, bytes, FileUse.PRIVATE);
  }

  private HostBlock allocated(long bytes) {
    Arena arena = Arena.ofShared();
    try {
      return inArena(arena, arena.allocate(bytes));
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Opens a file.
   *
   * @param path the path of an existing file
   * @param use the effect of stores on its parts
   * @return the file, to be closed when all parts are mapped
   * @throws IOException if it cannot be opened, or is a directory or a pipe
   */
  public OpenFile open(Path path, FileUse use) throws IOException {
    KindOfFile.requireMappable(path);
    return linux.isPresent() && path.getFileSystem() == FileSystems.getDefault()
        ? LinuxFile.open(linux.get(), this, path.toString(), use)
        : ChannelFile.open(this, path, use);
  }

  /**
   * Returns a file that is open already.
   *
   * @param descriptor the file descriptor, which its user closes, before or after the mappings end
   * @return the opened file
   * @throws UnsupportedOperationException without the calls of Linux
   */
  public OpenFile of(int descriptor) {
    return LinuxFile.of(linux.orElseThrow(() -> new UnsupportedOperationException(
        "descriptors are mapped by native calls: Linux, and --enable-native-access=io.flatview.api, or ALL-UNNAMED on"
            + " the class path")), this, descriptor);
  }

  /**
   * Returns memory that a native library allocated.
   *
   * @param memory all of the memory
   * @param free gives it back
   * @return the same memory; in checked mode, if native access is enabled, as a segment of an arena that the release
   *     closes
   */
  @SuppressWarnings("restricted")
  public HostBlock adopted(MemorySegment memory, Runnable free) {
    if (!checked || linux.isEmpty()) {
      return new HostBlock(memory, new Hold(free, report), false);
    }
    Arena arena = Arena.ofShared();
    return inArena(arena, memory.reinterpret(arena, _ -> free.run()));
  }

  /**
   * Writes stored bytes to a shared file, and waits until they are written.
   *
   * @param part a part of a mapping
   * @return whether the system wrote them
   */
  public boolean sync(MemorySegment part) {
    if (part.isMapped()) {
      part.force();
      return true;
    }
    return part.byteSize() == 0 || LinuxFile.sync(part);
  }

  HostBlock empty() {
    return new HostBlock(MemorySegment.NULL, new Hold(() -> {}, () -> {}), false);
  }

  HostBlock inArena(Arena arena, MemorySegment segment) {
    return new HostBlock(segment, new Hold(arena::close, report), true);
  }

  /**
   * Makes a block of a part of mapped pages. Outside checked mode the garbage collector unmaps the pages if the block
   * is dropped, but only after the last segment of it, so that a user may keep a segment.
   */
  HostBlock mapped(LinuxMemory calls, MemorySegment pages, long offset, long bytes, FileUse use) {
    try {
      return checked
          ? watched(calls, pages, offset, bytes, use)
          : collected(calls, pages, offset, bytes, use);
    } catch (Throwable e) { // out of memory
      calls.unmap(pages);
      throw e;
    }
  }

  @SuppressWarnings("restricted")
  private HostBlock watched(LinuxMemory calls, MemorySegment pages, long offset, long bytes, FileUse use) {
    Arena arena = Arena.ofShared();
    return inArena(arena, part(pages.reinterpret(arena, _ -> calls.unmap(pages)), offset, bytes, use));
  }

  @SuppressWarnings("restricted")
  private HostBlock collected(LinuxMemory calls, MemorySegment pages, long offset, long bytes, FileUse use) {
    Hold hold = new Hold(() -> calls.unmap(pages), report);
    MemorySegment all = pages.reinterpret(Arena.ofAuto(), _ -> hold.dropped());
    return new HostBlock(part(all, offset, bytes, use), hold, false);
  }

  private static MemorySegment part(MemorySegment pages, long offset, long bytes, FileUse use) {
    MemorySegment part = offset == 0 && bytes == pages.byteSize() ? pages : pages.asSlice(offset, bytes);
    return use == FileUse.READ_ONLY ? part.asReadOnly() : part;
  }
}
