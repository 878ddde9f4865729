package io.flatview.examples.vhost.front;

import io.flatview.examples.vhost.host.Descriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A piece of a guest's memory: a file without a name, mapped here, and where guest and front end see it. */
public final class GuestRam implements AutoCloseable {

  /** How far the front end's addresses are from the guest's. */
  public static final long FRONT_END = 0x7f00_0000_0000L;

  private final Descriptor file;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final long address;
  private final long bytes;

  /** Zeros at a guest's address. */
  public GuestRam(long address, long bytes) {
    this.address = address;
    this.bytes = bytes;
    try {
      file = Descriptor.memoryFile("guest", bytes);
      memory = map(file, bytes, arena);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MemorySegment map(Descriptor file, long bytes, Arena arena) throws IOException {
    Path path = Path.of("/proc/self/fd/" + file.number());
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
    }
  }

  public long address() {
    return address;
  }

  public long bytes() {
    return bytes;
  }

  public Descriptor file() {
    return file;
  }

  /** What stands at a guest's address. */
  public MemorySegment at(long guest, long length) {
    return memory.asSlice(guest - address, length);
  }

  public MemorySegment all() {
    return memory;
  }

  @Override
  public void close() {
    arena.close();
    file.close();
  }
}
