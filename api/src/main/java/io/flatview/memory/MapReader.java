package io.flatview.memory;

import io.flatview.rcu.ReadSection;

/**
 * One thread of execution's way into the map: it enters read-side sections, translates, loads and stores.
 *
 * <pre>{@code
 * try (ReadSection _ = reader.enter()) {
 *   Translation t = reader.translate(memory, address, 4, Access.READ);
 *   ...
 * }
 * }</pre>
 *
 * <p>The outermost section pins one generation of <em>all</em> address spaces: every translation in it, through any
 * number of IOMMUs, sees that generation, and nothing it shows is reclaimed before the section ends. A section entered
 * after a commit returned sees what was committed.
 *
 * <p><b>Threading.</b> A reader is used by one thread at a time. Entering, leaving, translating and accessing memory
 * take no lock and allocate nothing.
 */
public interface MapReader extends AutoCloseable {

  /**
   * Enters a read-side section; sections nest.
   *
   * @return the section, to be closed by try-with-resources
   */
  ReadSection enter();

  /**
   * The generation that the present section sees.
   *
   * @return its number
   * @throws IllegalStateException outside a section
   */
  long generation();

  /**
   * Announces that this reader holds nothing: a quiescent state. Free where the reclamation flavour does not need it.
   *
   * @throws IllegalStateException inside a section
   */
  void quiescent();

  /**
   * Says that this reader will not read until {@link #online()}; do so before blocking.
   *
   * @throws IllegalStateException inside a section
   */
  void offline();

  /** Ends {@link #offline()}. */
  void online();

  /**
   * Finds where an address leads.
   *
   * @param space the initiator's address space
   * @param address unsigned
   * @param length how many bytes the initiator wants, at least 1, unsigned
   * @param access what it wants to do
   * @return this reader's translation, overwritten by its next one
   * @throws IllegalStateException outside a section
   */
  Translation translate(AddressSpace space, long address, long length, Access access);

  /**
   * Loads a little-endian value, in a section of its own if there is none. {@link #lastResult()} tells how it went;
   * bytes that could not be read are 0. An access that does not fit what answers at its first byte is done byte by
   * byte; behind the last address comes address 0.
   *
   * @param space the initiator's address space
   * @param address unsigned, of any alignment
   * @param size 1, 2, 4 or 8 bytes
   * @return the value, zero-extended
   */
  long load(AddressSpace space, long address, int size);

  /**
   * Stores a little-endian value, in a section of its own if there is none.
   *
   * @param space the initiator's address space
   * @param address unsigned, of any alignment
   * @param size 1, 2, 4 or 8 bytes
   * @param value the value; bits above {@code size} bytes are ignored
   * @return how it went
   */
  MemTxResult store(AddressSpace space, long address, int size, long value);

  /**
   * Makes a cache of a range that this reader uses over and over.
   *
   * @param space the initiator's address space
   * @param address the first address, unsigned
   * @param length how many bytes, at least 1; what answers there, and whether anything does, may change
   * @return a cache for the thread of this reader
   */
  MemoryRegionCache cache(AddressSpace space, long address, long length);

  /**
   * How this reader's last load or store went.
   *
   * @return {@link MemTxResult#OK} before the first
   */
  MemTxResult lastResult();

  /**
   * Takes the reader out.
   *
   * @throws IllegalStateException inside a section
   */
  @Override
  void close();
}
