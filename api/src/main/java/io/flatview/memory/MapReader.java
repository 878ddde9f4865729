package io.flatview.memory;

import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Reads the map for one thread of execution: enters read-side sections, translates, loads and stores.
 *
 * <pre>{@code
 * try (ReadSection _ = reader.enter()) {
 *   Translation t = reader.translate(memory, address, 4, Access.READ);
 *   ...
 * }
 * }</pre>
 *
 * <p>The outermost section pins one generation of <em>all</em> address spaces: every translation in it, through any
 * number of IOMMUs, sees that generation, and nothing that the generation reaches is reclaimed before the section ends.
 * A section that is entered after a commit returned sees that commit.
 *
 * <p><b>Loads and stores</b> outside a section enter one of their own. {@link #lastResult()} is the result of the last
 * one:
 *
 * <table class="striped">
 * <caption>Results; those of all parts of a transfer join, and a transfer goes on after a failure</caption>
 * <thead><tr><th scope="col">result</th><th scope="col">when</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">{@link MemTxResult#OK}</th><td>everything was transferred</td></tr>
 * <tr><th scope="row">{@link MemTxResult#DECODE_ERROR}</th>
 * <td>nothing answers, an IOMMU refuses, a store goes to memory that guests can only read, or the access breaks the
 * {@linkplain MmioRules rules} of a device</td></tr>
 * <tr><th scope="row">{@link MemTxResult#ERROR}</th><td>a device {@linkplain MemTx#fail reports a failure}</td></tr>
 * <tr><th scope="row">{@link MemTxResult#ACCESS_ERROR}</th><td>an access of a device re-enters the device, an access
 * for memory only reaches a device, or an atomic operation is impossible at the address</td></tr> <tr><th
 * scope="row">{@link MemTxResult#STOPPED}</th><td>a {@linkplain AccessWatch watch} stopped it before it was
 * made</td></tr>
 * </tbody>
 * </table>
 *
 * <p>Bytes that could not be loaded are 0. Addresses wrap at 2<sup>64</sup>, or where the {@linkplain
 * AddressSpaceOptions#addressBits() addresses} of the space end.
 *
 * <p><b>Edges.</b> The region, hole or IOMMU block at the first byte of an access may end before the access does, also
 * at the end of an alias. There the access is cut, and the rest is an access of its own. So no method calls a device
 * with bytes beyond its visible part, and {@link #isAccessible} predicts the outcome. One exception: if the same device
 * answers at the last byte of an access too, it gets the whole access, and a region that lies over bytes in between is
 * not accessed. Narrow registers lie over wider ones in that way, as the reset control of a PC at 0xcf9 over the
 * address of configuration space at 0xcf8.
 *
 * <p><b>Threading.</b> A reader is used by one thread at a time. Between sections another thread may take it over, such
 * as a thread that runs a CPU of a machine which another thread has built. The hand-over must be ordered, as for any
 * object that is not thread-safe. A section is left by the thread that entered it. If that thread ends before, nothing
 * that the section pins is given back until another thread calls {@link #leaveAbandoned()}: so enter sections with
 * try-with-resources. {@link io.flatview.rcu.Reader} has the other rules. An access by another thread while a section
 * is open throws an {@link IllegalStateException} that names both, and touches nothing. Of two threads that enter at
 * the same instant one is let in and the other refused. Entering, leaving, translating and accessing memory take no
 * lock and allocate nothing.
 *
 * <p><b>Whatever is thrown</b> by a device, a translator or a tap, or by the JVM if stack or heap are exhausted, an
 * access leaves the section and releases the locks that it has taken. A callback cannot end the section of the access
 * that called it: if it closes the user's section, that ends with the access.
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
   * @return the number of the generation
   * @throws IllegalStateException outside a section
   */
  long generation();

  /**
   * Announces a quiescent state: this reader uses no object of the map. Costs nothing where the RCU flavour does not
   * need it.
   *
   * @throws IllegalStateException inside a section
   */
  void quiescent();

  /**
   * Takes this reader offline: it will not read until {@link #online()}. Call it before blocking.
   *
   * @throws IllegalStateException inside a section
   */
  void offline();

  /** Ends {@link #offline()}. */
  void online();

  /**
   * Leaves the sections in which a thread has ended, and marks the pages that it has reported as written. Any thread
   * may call it; afterwards another thread may use the reader or close it. The program must know that no thread uses
   * what the sections pin: see {@link io.flatview.rcu.Reader#leaveAbandoned(Runnable)}.
   *
   * @return whether a section was open; otherwise nothing was done
   * @throws IllegalStateException if the thread that is inside has not ended
   */
  boolean leaveAbandoned();

  /**
   * Translates an address.
   *
   * @param space the initiator's address space
   * @param address the address, unsigned
   * @param length the number of bytes that the initiator wants, at least 1, unsigned
   * @param access the kind of access
   * @return this reader's translation, overwritten by its next one
   * @throws IllegalStateException outside a section
   */
  Translation translate(AddressSpace space, long address, long length, Access access);

  /**
   * Translates an address for an initiator with attributes, which choose the table of an IOMMU.
   *
   * @param space the initiator's address space
   * @param address the address, unsigned
   * @param length the number of bytes that the initiator wants, at least 1, unsigned
   * @param access the kind of access
   * @param attributes the attributes of the initiator
   * @return this reader's translation, overwritten by its next one
   * @throws IllegalStateException outside a section
   */
  Translation translate(AddressSpace space, long address, long length, Access access, MemTxAttrs attributes);

  /**
   * Loads a little-endian value with unspecified attributes.
   *
   * @param space the initiator's address space
   * @param address the address, unsigned, of any alignment
   * @param size 1, 2, 4 or 8 bytes
   * @return the value, zero-extended
   */
  long load(AddressSpace space, long address, int size);

  /**
   * Loads a value. A load that lies within the memory or device at its first byte is one access; any other is cut into
   * the same pieces as a {@linkplain #read transfer} of as many bytes.
   *
   * @param space the initiator's address space
   * @param address the address, unsigned, of any alignment
   * @param size 1, 2, 4 or 8 bytes
   * @param order the byte order of the value in memory
   * @param attributes the attributes of the initiator
   * @return the value, zero-extended
   */
  long load(AddressSpace space, long address, int size, ByteOrder order, MemTxAttrs attributes);

  /**
   * Fetches a little-endian instruction, or a part of one, with unspecified attributes.
   *
   * @param space the initiator's address space
   * @param address the address, unsigned, of any alignment
   * @param size 1, 2, 4 or 8 bytes
   * @return the bytes, zero-extended
   */
  long fetch(AddressSpace space, long address, int size);

  /**
   * Fetches an instruction, or a part of one: a load for {@link Access#FETCH}, which IOMMUs must grant, and which fails
   * with {@link MemTxResult#DECODE_ERROR} where a region {@linkplain Transaction#setNoFetch refuses} it.
   *
   * @param space the initiator's address space
   * @param address the address, unsigned, of any alignment
   * @param size 1, 2, 4 or 8 bytes
   * @param order the byte order of the value in memory
   * @param attributes the attributes of the initiator
   * @return the bytes, zero-extended
   */
  long fetch(AddressSpace space, long address, int size, ByteOrder order, MemTxAttrs attributes);

  /**
   * Stores a little-endian value with unspecified attributes.
   *
   * @param space the initiator's address space
   * @param address the address, unsigned, of any alignment
   * @param size 1, 2, 4 or 8 bytes
   * @param value the value; bits above {@code size} bytes are ignored
   * @return the result, with the failures of all parts
   */
  MemTxResult store(AddressSpace space, long address, int size, long value);

  /**
   * Stores a value; the counterpart of {@link #load(AddressSpace, long, int, ByteOrder, MemTxAttrs)}.
   *
   * @param space the initiator's address space
   * @param address the address, unsigned, of any alignment
   * @param size 1, 2, 4 or 8 bytes
   * @param value the value; bits above {@code size} bytes are ignored
   * @param order the byte order of the value in memory
   * @param attributes the attributes of the initiator
   * @return the result, with the failures of all parts
   */
  MemTxResult store(
      AddressSpace space, long address, int size, long value, ByteOrder order, MemTxAttrs attributes);

  /**
   * Copies out of the map. Memory is copied in the longest possible pieces; a device is read in ascending order, with
   * the largest aligned accesses that are {@linkplain MmioRules#valid() valid}.
   *
   * @param space the initiator's address space
   * @param address the address of the first byte, unsigned, of any alignment
   * @param into takes the bytes; its size is the number to copy. Bytes that could not be read become 0
   * @param attributes the attributes of the initiator
   * @return the result, with the failures of all parts
   */
  MemTxResult read(AddressSpace space, long address, MemorySegment into, MemTxAttrs attributes);

  /**
   * Copies out of the map into a part of an array, with unspecified attributes.
   *
   * @param space the initiator's address space
   * @param address the address of the first byte, unsigned, of any alignment
   * @param into the array that takes the bytes
   * @param offset the index of the first byte in the array
   * @param length the number of bytes
   * @return the result, with the failures of all parts
   * @throws IndexOutOfBoundsException if the array does not hold that part; nothing is copied then
   */
  default MemTxResult read(AddressSpace space, long address, byte[] into, int offset, int length) {
    return read(space, address, MemorySegment.ofArray(into).asSlice(offset, length), MemTxAttrs.UNSPECIFIED);
  }

  /**
   * Copies into the map; the counterpart of {@link #read(AddressSpace, long, MemorySegment, MemTxAttrs)}.
   *
   * @param space the initiator's address space
   * @param address the address of the first byte, unsigned, of any alignment
   * @param from the bytes; its size is the number to write
   * @param attributes the attributes of the initiator
   * @return the result, with the failures of all parts
   */
  MemTxResult write(AddressSpace space, long address, MemorySegment from, MemTxAttrs attributes);

  /**
   * Copies a part of an array into the map, with unspecified attributes.
   *
   * @param space the initiator's address space
   * @param address the address of the first byte, unsigned, of any alignment
   * @param from the array that holds the bytes
   * @param offset the index of the first byte in the array
   * @param length the number of bytes
   * @return the result, with the failures of all parts
   * @throws IndexOutOfBoundsException if the array does not hold that part; nothing is copied then
   */
  default MemTxResult write(AddressSpace space, long address, byte[] from, int offset, int length) {
    return write(space, address, MemorySegment.ofArray(from).asSlice(offset, length), MemTxAttrs.UNSPECIFIED);
  }

  /**
   * Stores one byte at every address of a range, as {@link #write(AddressSpace, long, MemorySegment, MemTxAttrs)}
   * would: QEMU's {@code address_space_set}.
   *
   * @param space the initiator's address space
   * @param address the address of the first byte, unsigned, of any alignment
   * @param length the number of bytes, unsigned
   * @param value the byte that is stored at each address
   * @param attributes the attributes of the initiator
   * @return the result, with the failures of all parts
   */
  MemTxResult fill(AddressSpace space, long address, long length, byte value, MemTxAttrs attributes);

  /**
   * Replaces a little-endian value in memory if it is as expected, atomically, with the memory effects of a volatile
   * read and write.
   *
   * <p>Atomic operations are for memory that guests can write, at addresses that are multiples of the size. At other
   * addresses they do nothing, and {@link #lastResult()} is {@link MemTxResult#ACCESS_ERROR} for a device and for an
   * address that is no such multiple, and otherwise the result that a store would have. The processor has to be able to
   * make them: {@code ACCESS_ERROR} also where the region's offset, or the address of the embedder's own memory, is no
   * multiple of the size, and for 1 or 2 bytes among the last ones of memory whose size is no multiple of 4.
   *
   * @param space the initiator's address space
   * @param address the address, unsigned, a multiple of the size
   * @param size 1, 2, 4 or 8 bytes
   * @param expected the value to replace; bits above the size are ignored
   * @param value the new value; bits above the size are ignored
   * @return the value before, zero-extended: {@code expected} if it was replaced; 0 if nothing happened
   */
  long compareAndExchange(AddressSpace space, long address, int size, long expected, long value);

  /**
   * Changes a little-endian value in memory atomically, with the memory effects of a volatile read and write; see
   * {@link #compareAndExchange} for the addresses at which this works.
   *
   * @param space the initiator's address space
   * @param address the address, unsigned, a multiple of the size
   * @param size 1, 2, 4 or 8 bytes
   * @param op the operation that makes the new value from the old
   * @param operand the operand of the operation; bits above the size are ignored
   * @return the value before, zero-extended; 0 if nothing happened
   */
  long fetchAndOp(AddressSpace space, long address, int size, AtomicOp op, long operand);

  /**
   * Reads as a debugger does, without side effects on devices: they are not called, read as zeros, and add
   * {@link MemTxResult#ACCESS_ERROR} to the result. IOMMUs translate as for any load.
   *
   * @param space the address space to access
   * @param address the address of the first byte, unsigned
   * @param into takes the bytes; its size is the number to read
   * @return the result, with the failures of all parts
   */
  MemTxResult peek(AddressSpace space, long address, MemorySegment into);

  /**
   * Writes as a debugger does: to memory, also to memory that guests can only read, and never to devices. Devices are
   * skipped and add {@link MemTxResult#ACCESS_ERROR} to the result. A ROM device is memory in ROM mode, and a device
   * otherwise. IOMMUs translate as for a load, so what {@link #peek} reads can be written.
   *
   * @param space the address space to access
   * @param address the address of the first byte, unsigned
   * @param from the bytes; its size is the number to write
   * @return the result, with the failures of all parts
   */
  MemTxResult poke(AddressSpace space, long address, MemorySegment from);

  /**
   * Whether a {@linkplain #read transfer} of as many bytes would succeed: a region answers everywhere, IOMMUs grant it,
   * a store meets nothing read-only (unless it is a debugger's), and devices find its pieces valid. A single load or
   * store is refused all the same by a device that finds only smaller accesses valid. Only IOMMUs and filters are
   * called. Unless the access follows in the same section, the map may have changed in between.
   *
   * @param space the initiator's address space
   * @param address the address, unsigned
   * @param length the number of bytes, unsigned
   * @param access the kind of access
   * @param attributes the attributes of the initiator
   * @return true if it would succeed
   */
  boolean isAccessible(AddressSpace space, long address, long length, Access access, MemTxAttrs attributes);

  /**
   * Reports that memory was written through {@link Translation#loggedMemory()}. Its pages are marked dirty for the
   * clients that log it when the outermost section ends, so later writes to the same pages in this section need no
   * second call. If this reader calls a device, a doorbell or a tap earlier, the pages are marked before that call and
   * again at the end: so a snapshot that the callback takes has all earlier writes of this thread.
   *
   * @param space the address space of the translation
   * @param address the address of the first byte, unsigned
   * @param length the number of bytes, at least 1; all within one section of memory that takes writes
   * @throws IllegalStateException outside a section
   * @throws IllegalArgumentException if the range does not lie in one section of memory that takes writes
   */
  void wrote(AddressSpace space, long address, long length);

  /**
   * Makes a cache of a range that this reader uses repeatedly, with unspecified attributes.
   *
   * @param space the initiator's address space
   * @param address the first address, unsigned
   * @param length the number of bytes, at least 1; the regions that answer there may change
   * @return a cache for the thread of this reader
   */
  default MemoryRegionCache cache(AddressSpace space, long address, long length) {
    return cache(space, address, length, MemTxAttrs.UNSPECIFIED);
  }

  /**
   * Makes a cache of a range that this reader uses repeatedly.
   *
   * @param space the initiator's address space
   * @param address the first address, unsigned
   * @param length the number of bytes, at least 1; the regions that answer there may change
   * @param attributes the attributes of the initiator, with which each access is made
   * @return a cache for the thread of this reader
   */
  MemoryRegionCache cache(AddressSpace space, long address, long length, MemTxAttrs attributes);

  /**
   * The result of this reader's last load or store.
   *
   * @return {@link MemTxResult#OK} before the first
   */
  MemTxResult lastResult();

  /**
   * Closes the reader.
   *
   * @throws IllegalStateException inside a section
   */
  @Override
  void close();
}
