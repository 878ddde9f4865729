package io.flatview.examples.vhost.host;

import io.flatview.mapping.Mapping;
import io.flatview.mapping.Mappings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicBoolean;

/** A file descriptor of this process, closed once. May be closed by any thread, when no other uses it. */
public final class Descriptor implements AutoCloseable {

  private static final int SEEK_END = 2;
  private static final int CLOSE_ON_EXEC = 1;

  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  Descriptor(int number) {
    this.number = number;
  }

  static Descriptor of(String what, int result) throws IOException {
    return new Descriptor((int) HostException.check(what, result));
  }

  /**
   * Makes a file of zeros without a name, in memory.
   *
   * @param name the name of the file, for tools that show it
   * @param bytes the size of the file in bytes
   * @return the file
   * @throws IOException if there is no room for it
   */
  public static Descriptor memoryFile(String name, long bytes) throws IOException {
    Descriptor file;
    try (Arena arena = Arena.ofConfined()) {
      file = of("memfd_create", Libc.memoryFile(arena.allocateFrom(name), CLOSE_ON_EXEC));
    }
    try {
      file.truncate(bytes);
      return file;
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /**
   * Gives a file another size.
   *
   * @param bytes the new size
   * @throws IOException if it cannot have that
   */
  public void truncate(long bytes) throws IOException {
    HostException.check("ftruncate", Libc.truncate(number, bytes));
  }

  /**
   * The size of a file.
   *
   * @return bytes
   * @throws IOException if the descriptor is no file
   */
  public long size() throws IOException {
    return HostException.check("lseek", Libc.seek(number, 0, SEEK_END));
  }

  /**
   * Maps a part of a file. The descriptor may be closed afterwards.
   *
   * @param mappings by which the mapping is retired
   * @param offset of the part, unsigned
   * @param bytes its length, at least 1, unsigned
   * @return to be closed when nothing can find it any more
   * @throws IOException if it is no file that can be read and written, or is too short
   */
  public Mapping map(Mappings mappings, long offset, long bytes) throws IOException {
    long size = size();
    if (bytes <= 0 || offset < 0 || offset > size || bytes > size - offset) {
      throw new IOException("a file of " + size + " bytes does not hold " + Long.toUnsignedString(bytes)
          + " bytes at offset " + Long.toUnsignedString(offset));
    }
    return mappings.descriptor(number, offset, bytes, Mapping.Use.READ_WRITE);
  }

  /**
   * Its number, for calls of the system.
   *
   * @return 0 or more
   */
  public int number() {
    return number;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Libc.close(number);
    }
  }

  @Override
  public String toString() {
    return "descriptor " + number;
  }
}
