package io.flatview.examples.vhost.host;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A shared mapping of a file, unmapped once. The segment has no arena that could end: the owner unmaps it when nothing
 * uses it any more, after a grace period.
 */
public final class Mapping implements AutoCloseable {

  private static final int READ_AND_WRITE = 3;
  private static final int SHARED = 1;
  private static final int NO_RESERVE = 0x4000;

  private final MemorySegment whole;
  private final MemorySegment part;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Mapping(MemorySegment whole, long offset) {
    this.whole = whole;
    this.part = whole.asSlice(offset);
  }

  /**
   * Maps a part of a file. The mapping begins where the file does, so that no alignment is asked of the part; the
   * descriptor may be closed afterwards.
   *
   * @param file which
   * @param offset of the part, unsigned
   * @param bytes its length, at least 1, unsigned
   * @return the mapping
   * @throws IOException if it is no file that can be read and written, or is too short
   */
  @SuppressWarnings("restricted")
  public static Mapping of(Descriptor file, long offset, long bytes) throws IOException {
    long size = file.size();
    if (bytes <= 0 || offset < 0 || offset > size || bytes > size - offset) {
      throw new IOException("a file of " + size + " bytes does not hold " + Long.toUnsignedString(bytes)
          + " bytes at offset " + Long.toUnsignedString(offset));
    }
    long address = HostException.check("mmap",
        Libc.map(offset + bytes, READ_AND_WRITE, SHARED | NO_RESERVE, file.number(), 0));
    return new Mapping(MemorySegment.ofAddress(address).reinterpret(offset + bytes), offset);
  }

  /**
   * The bytes. Not to be touched after {@link #close}.
   *
   * @return the part that was asked for
   */
  public MemorySegment segment() {
    return part;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Libc.unmap(whole);
    }
  }
}
