package io.flatview.memory;

import java.util.List;

/**
 * A client of dirty logging, which finds out the pages of memory that were written: a display, a translator of guest
 * code, a migration.
 *
 * <p>Logging is off until {@link Transaction#startLog} is committed for a region; memory that no client logs is written
 * at full speed. Once the commit's {@linkplain CommitTicket#quiesced() grace period} has ended, every access that
 * writes is logged: stores of readers, guest atomics, {@link MemoryRegion.Memory#copyIn}, {@link
 * MemoryRegion.Ram#discard}, and windows, which are logged when they end. Take the first full copy after that grace
 * period.
 *
 * <p>Each client has its own mark for each page. A page is marked after the write, and a snapshot clears the mark
 * before the page is read: a page that is written while it is being copied shows up in the next snapshot, so no write
 * is missed; a page may show up once too often. Pages that a reader {@linkplain MapReader#wrote reports} are marked at
 * the end of its section at the latest: so take the final snapshot after every writer has left its section.
 *
 * <p><b>Threading.</b> All methods may be called by any thread.
 */
public interface DirtyClient extends AutoCloseable {

  /**
   * The name given at creation, unique among the open clients of a memory system.
   *
   * @return the name
   */
  String name();

  /**
   * The client's bit in {@link MemoryRegion#dirtyLogMask()}.
   *
   * @return a mask with one bit set
   */
  int mask();

  /**
   * Returns and clears the marks of a whole memory, atomically for each 64 pages.
   *
   * @param region the memory whose marks are taken
   * @return the pages that were written since the last snapshot
   * @throws IllegalArgumentException if these are more than 2<sup>31</sup>-1 pages (8 TiB in pages of 4 KiB); take
   *     snapshots of parts
   * @throws IllegalStateException if this client or the region is closed
   */
  DirtySnapshot snapshotAndClear(MemoryRegion.Memory region);

  /**
   * Returns and clears the marks of the pages that a range touches; other pages stay marked.
   *
   * @param region the memory whose marks are taken
   * @param offset the offset of the first byte, unsigned
   * @param length the number of bytes
   * @return the pages that were written since the last snapshot, each of them whole
   * @throws IndexOutOfBoundsException if the range does not lie in the memory
   * @throws IllegalArgumentException if the range touches more than 2<sup>31</sup>-1 pages
   * @throws IllegalStateException if this client or the region is closed
   */
  DirtySnapshot snapshotAndClear(MemoryRegion.Memory region, long offset, long length);

  /**
   * Marks the pages of a snapshot again, for this client only, so that the next snapshot has them, such as after a copy
   * failed. Pages that were written since stay marked.
   *
   * @param taken a snapshot of this client, or of another
   * @throws IllegalStateException if this client or the region is closed
   */
  void putBack(DirtySnapshot taken);

  /**
   * Returns and clears the marks of all memory that shows in a range of an address space, or that a bank may show
   * there. A memory that shows several times has one snapshot.
   *
   * @param space the address space that shows the memory
   * @param range the addresses, in the view in force
   * @return a snapshot for each memory with pages that were written, in ascending order of its first address
   * @throws IllegalArgumentException if the parts of one memory that show lie more than 2<sup>31</sup>-1 pages
   *     apart; no mark is taken then
   */
  List<DirtySnapshot> snapshotAndClear(AddressSpace space, AddressRange range);

  /**
   * Passes this client's marks of a memory to a sink, instead of keeping them for snapshots, such as for a log that
   * another process reads. Call it before the client logs the memory. The sink is called until the client is closed;
   * calls that are under way then may end later. Earlier marks of the client are dropped.
   *
   * @param region the memory whose marks go to the sink
   * @param sink is called for each write
   * @throws IllegalStateException if this client or the region is closed, or the client logs the memory already or has
   *     a sink for it
   */
  void markInto(MemoryRegion.Memory region, DirtySink sink);

  /** Drops all marks and frees the bit for another client. Closing twice does nothing. */
  @Override
  void close();
}
