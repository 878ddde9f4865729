package io.flatview.examples.vhost.front;

import io.flatview.examples.vhost.host.Descriptor;
import io.flatview.examples.vhost.host.Mapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/** A piece of a guest's memory: a file without a name, mapped here, and where guest and front end see it. */
public final class GuestRam implements AutoCloseable {

  /** How far the front end's addresses are from the guest's. */
  public static final long FRONT_END = 0x7f00_0000_0000L;

  private final Descriptor file;
  private final Mapping mapping;
  private final long address;
  private final long bytes;

  /** Zeros at a guest's address. */
  public GuestRam(long address, long bytes) {
    this.address = address;
    this.bytes = bytes;
    try {
      file = Descriptor.memoryFile("guest", bytes);
      mapping = Mapping.of(file, 0, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    return mapping.segment().asSlice(guest - address, length);
  }

  public MemorySegment all() {
    return mapping.segment();
  }

  @Override
  public void close() {
    mapping.close();
    file.close();
  }
}
