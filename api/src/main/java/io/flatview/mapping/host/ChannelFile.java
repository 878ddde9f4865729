package io.flatview.mapping.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file that the JDK maps, on every system. Closing the arena of a mapping unmaps it, by a handshake with every
 * thread.
 */
final class ChannelFile implements OpenFile {

  private final HostAllocator allocator;
  private final FileChannel channel;

  private ChannelFile(HostAllocator allocator, FileChannel channel) {
    this.allocator = allocator;
    this.channel = channel;
  }

  static ChannelFile open(HostAllocator allocator, Path path, FileUse use) throws IOException {
    return new ChannelFile(allocator, FileChannel.open(path, options(use)));
  }

  @Override
  public long length() throws IOException {
    return channel.size();
  }

  @Override
  public HostBlock map(long offset, long bytes, FileUse use) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment segment = channel.map(mode(use), offset, bytes, arena);
      return allocator.inArena(arena, segment);
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static Set<StandardOpenOption> options(FileUse use) {
    return use == FileUse.READ_ONLY
        ? Set.of(StandardOpenOption.READ)
        : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static MapMode mode(FileUse use) {
    return switch (use) {
      case SHARED -> MapMode.READ_WRITE;
      case PRIVATE -> MapMode.PRIVATE;
      case READ_ONLY -> MapMode.READ_ONLY;
    };
  }
}
