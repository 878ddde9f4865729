package io.flatview.memory;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The origin of a memory's bytes, and the destination of stores to it.
 *
 * <table class="striped">
 * <caption>The kinds</caption>
 * <thead><tr><th scope="col">kind</th><th scope="col">starts as</th><th scope="col">stores go to</th>
 * <th scope="col">discarded pages</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">{@link Zeroed}, {@link Resizable}</th>
 * <td>zeros</td><td>memory</td>
 * <td>go back to the system</td></tr>
 * <tr><th scope="row">{@link File}, shared</th><td>the file</td><td>the file, as the system writes it back</td>
 * <td>become a hole in the file where it can have one</td></tr>
 * <tr><th scope="row">{@link File}, private</th><td>the file</td><td>a copy of the page</td><td>are zeroed</td></tr>
 * <tr><th scope="row">{@link File}, read-only</th><td>the file</td><td>nowhere: the region refuses writes</td>
 * <td>refused</td></tr>
 * <tr><th scope="row">{@link Existing}</th><td>the content of the segment</td><td>the segment</td><td>are
 * zeroed</td></tr>
 * </tbody>
 * </table>
 *
 * <p>Sizes are at most what the system lets a process address, some 2<sup>47</sup> bytes for all memory together. With
 * native access on Linux, memory of 64 MiB and more is mapped when its region is made, which is refused if the system
 * cannot map so much; smaller memory is mapped at its first access. The system provides pages as they are touched.
 * Elsewhere all of a region's memory is allocated and zeroed at its first access. If the first access fails, it throws
 * an {@link OutOfMemoryError} with the region's name and size.
 */
public sealed interface RamBacking {

  /**
   * The size of the region at first.
   *
   * @return the size at first
   */
  Size size();

  /**
   * The largest size that the region can grow to.
   *
   * @return the size, unless the memory is resizable
   */
  default Size maximum() {
    return size();
  }

  /**
   * Zeros of a fixed size.
   *
   * @param size the size of the memory
   * @return a new backing
   */
  static RamBacking zeroed(Size size) {
    return new Zeroed(size);
  }

  /**
   * Zeros that {@link Transaction#setSize} can give any size up to a maximum. Memory is mapped for the maximum at once.
   * Growing back shows the content from before the memory shrank, unless it was {@linkplain MemoryRegion.Ram#discard
   * discarded}.
   *
   * @param size the size at first
   * @param maximum the largest size
   * @return a new backing
   */
  static RamBacking resizable(Size size, Size maximum) {
    return new Resizable(size, maximum);
  }

  /**
   * Part of a file.
   *
   * @param path an existing file that holds all of the part; it is opened while the region is made and not kept open
   * @param offset the offset in the file at which the part starts, 0 or more
   * @param size the size of the memory
   * @param sharing the destination of stores
   * @return a new backing
   */
  static RamBacking file(Path path, long offset, Size size, Sharing sharing) {
    return new File(path, offset, size, sharing);
  }

  /**
   * Memory of the embedder's own.
   *
   * @param memory a segment off the heap that every thread may access; see {@link Existing} for how long it must live
   * @return a new backing
   */
  static RamBacking of(MemorySegment memory) {
    return new Existing(memory);
  }

  /** The destination of stores to a mapped file. */
  enum Sharing {
    /** They reach the file. */
    SHARED,
    /** They stay with the region, whose pages are copied as they are written. */
    PRIVATE,
    /** Stores are refused: the region is read-only and stays so. */
    READ_ONLY
  }

  /**
   * Zeros of a fixed size.
   *
   * @param size the size of the memory
   */
  record Zeroed(Size size) implements RamBacking {

    /**
     * Checks the size.
     *
     * @throws NullPointerException if it is null
     */
    public Zeroed {
      Objects.requireNonNull(size, "size");
    }
  }

  /**
   * Zeros whose size can change.
   *
   * @param size the size at first
   * @param maximum the largest size
   */
  record Resizable(Size size, Size maximum) implements RamBacking {

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if the size exceeds the maximum
     */
    public Resizable {
      Objects.requireNonNull(size, "size");
      Objects.requireNonNull(maximum, "maximum");
      if (size.compareTo(maximum) > 0) {
        throw new IllegalArgumentException(
            "memory of " + size + " bytes exceeds its own maximum of " + maximum + " bytes");
      }
    }
  }

  /**
   * Part of a file.
   *
   * <p><b>Do not make the file shorter</b> while a region shows it. An access to pages that the file no longer holds
   * throws an {@link InternalError}, atomic ones included, and leaves the reader as any exception does; nothing else is
   * lost. An atomic access whose file shrinks in the very instant between its read and its write, and one that the user
   * makes to a raw segment of a {@linkplain MappedWindow window} or {@linkplain Translation#memory() translation}, can
   * end the process.
   *
   * @param path an existing file
   * @param offset the offset in the file at which the part starts, 0 or more
   * @param size the size of the memory
   * @param sharing the destination of stores
   */
  record File(Path path, long offset, Size size, Sharing sharing) implements RamBacking {

    /**
     * Checks the offset.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public File {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(size, "size");
      Objects.requireNonNull(sharing, "sharing");
      if (offset < 0) {
        throw new IllegalArgumentException("offset " + offset + " in file " + path + " is negative");
      }
    }
  }

  /**
   * Memory of the embedder's own. The region keeps the segment reachable, and so an automatic arena open. Any other
   * arena must stay open until {@link MemoryRegion#released()} of the region completes; after an earlier close, each
   * access throws the exception of the segment. The region never frees it.
   *
   * @param segment the memory; a read-only segment makes a region that is read-only and stays so
   */
  record Existing(MemorySegment segment) implements RamBacking {

    /**
     * Checks that any thread may use the segment.
     *
     * @throws IllegalArgumentException if it is on the heap or confined to a thread
     */
    public Existing {
      Objects.requireNonNull(segment, "segment");
      if (!segment.isNative()) {
        throw new IllegalArgumentException(
            "a segment on the heap cannot be guest memory: " + segment + "; allocate it with an Arena");
      }
      if (!segment.isAccessibleBy(new Thread())) {
        throw new IllegalArgumentException("a segment confined to one thread cannot be guest memory: " + segment
            + "; allocate it with Arena.ofShared() or Arena.ofAuto()");
      }
    }

    @Override
    public Size size() {
      return Size.bytes(segment.byteSize());
    }
  }
}
