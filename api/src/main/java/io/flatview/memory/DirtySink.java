package io.flatview.memory;

/** Takes the marks of a {@link DirtyClient} as they are made, as a log does that is shared with a hypervisor. */
@FunctionalInterface
public interface DirtySink {

  /**
   * Pages were written. Called in the thread that wrote, after its write, possibly in several threads at once; for a
   * write in a section, in that section or as it ends. Must not block. An exception reaches the caller of the
   * write, which stands.
   *
   * @param offset of the first page in the memory, a multiple of the page size of {@link DirtySnapshot#pageSize()}
   * @param length of the pages in bytes, a multiple of the page size; the last page may reach beyond the memory
   */
  void mark(long offset, long length);
}
