package io.flatview.mapping.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Takes memory from the system. In checked mode every segment ends with an arena, so that an access after the release
 * throws where it would otherwise crash.
 *
 * <p>With native access all segments are of the one class that the JDK has for plain native memory, whatever their
 * origin: a second class at the same load or store would cost every access a check of the class.
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
   * @param linux the system calls to use; without them, arenas end all memory
   * @param report says that memory was dropped unreleased, in a thread of the garbage collector's; must not refer
   *     to anything that keeps the memory from being dropped
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
   * Private zeroed pages, taken from the system when they are touched, if that is possible here.
   *
   * @param bytes the number of bytes, 0 or more
   * @return the memory
   * @throws OutOfMemoryError if the system refuses
   */
  public HostBlock anonymous(long bytes) {
    if (bytes == 0) {
      return empty();
    }
    return linux.map(calls -> mapped(calls, calls.anonymous(bytes), 0, bytes, FileUse.PRIVATE))
        .orElseGet(() -> allocated(bytes));
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
   * @throws IOException if it cannot be opened
   */
  public OpenFile open(Path path, FileUse use) throws IOException {
    return linux.isPresent() && path.getFileSystem() == FileSystems.getDefault()
        ? LinuxFile.open(linux.get(), this, path.toString(), use)
        : ChannelFile.open(this, path, use);
  }

  /**
   * A file that is open already.
   *
   * @param descriptor of the system, to be closed by its user, before or after the mappings
   * @return the opened file
   * @throws UnsupportedOperationException without the calls of Linux
   */
  public OpenFile of(int descriptor) {
    return LinuxFile.of(linux.orElseThrow(() -> new UnsupportedOperationException(
        "descriptors are mapped by native calls: Linux, and --enable-native-access=io.flatview.api, or ALL-UNNAMED on"
            + " the class path")), this, descriptor);
  }

  /**
   * Memory that a library made.
   *
   * @param memory all of the memory
   * @param free gives it back
   * @return the same memory; in checked mode as a segment that ends, if this module may make one
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
   * Writes stored bytes to a shared file, and waits for that.
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
   * A part of pages that were mapped. Unless an arena ends them, the garbage collector gives them back if all is
   * dropped; not before the last segment is, so that a segment that a user keeps is no danger.
   */
  HostBlock mapped(LinuxMemory calls, MemorySegment pages, long offset, long bytes, FileUse use) {
    try {
      return checked
          ? watched(calls, pages, offset, bytes, use)
          : collected(calls, pages, offset, bytes, use);
    } catch (Throwable e) { // for want of heap
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
