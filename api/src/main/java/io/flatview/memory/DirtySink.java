package io.flatview.memory;

/**
 * Receives the dirty pages of a {@link DirtyClient} as they are written, such as for a log that is shared with another
 * process.
 */
@FunctionalInterface
public interface DirtySink {

  /**
   * Pages were written. Called in the thread that wrote, after its write, possibly in several threads at once; for a
   * write in a section, in that section or as it ends; it may use the reader that wrote. Must not block. The caller of
   * the write gets an exception that this throws; the write is done nevertheless, and other clients have their marks.
   *
   * @param offset of the first page in the memory, a multiple of the page size of {@link DirtySnapshot#pageSize()}
   * @param length of the pages in bytes, a multiple of the page size; the last page may reach beyond the memory
   */
  void mark(long offset, long length);
}
