package io.flatview.device;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MapResult;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ThreadConfined;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A device's accesses to its bus-master address space. A failing access throws a {@link DmaException}, and so does
 * every access once the device is closed or reset: so the device stops at its next access, however much a guest has
 * requested. Confined to the thread of its reader.
 */
@ThreadConfined
public final class DmaPort {

  /**
   * A call that blocks, such as for a file or a socket of the host.
   *
   * @param <T> the type of its result
   * @param <E> the type of its exception
   */
  @FunctionalInterface
  public interface Waiting<T, E extends Exception> {

    /**
     * Makes the call.
     *
     * @return the result
     * @throws E if it fails
     */
    T call() throws E;
  }

  private static final long ROOM_PATIENCE_MILLIS = 100;

  private final MapReader reader;
  private final AddressSpace space;
  private final BooleanSupplier unwanted;
  private final MemTxAttrs attributes;

  /**
   * Makes a port whose accesses are always wanted.
   *
   * @param reader a reader of the calling thread
   * @param space the address space that the device accesses
   */
  public DmaPort(MapReader reader, AddressSpace space) {
    this(reader, space, () -> false);
  }

  /**
   * Makes a port.
   *
   * @param reader a reader of the calling thread
   * @param space the address space that the device accesses
   * @param unwanted whether the device may no longer access memory; called before each access
   */
  public DmaPort(MapReader reader, AddressSpace space, BooleanSupplier unwanted) {
    this(reader, space, unwanted, MemTxAttrs.UNSPECIFIED);
  }

  private DmaPort(MapReader reader, AddressSpace space, BooleanSupplier unwanted, MemTxAttrs attributes) {
    this.reader = Objects.requireNonNull(reader, "reader");
    this.space = Objects.requireNonNull(space, "space");
    this.unwanted = Objects.requireNonNull(unwanted, "unwanted");
    this.attributes = attributes;
  }

  /**
   * Makes a port for one request, which may become unwanted earlier.
   *
   * @param abandoned whether the request is no longer wanted
   * @return another port of the same reader
   */
  public DmaPort until(BooleanSupplier abandoned) {
    Objects.requireNonNull(abandoned, "abandoned");
    return new DmaPort(reader, space, () -> unwanted.getAsBoolean() || abandoned.getAsBoolean(), attributes);
  }

  /**
   * Makes a port whose accesses have attributes, such as the process that a request names. Without this, they are
   * unspecified.
   *
   * @param initiator the attributes of all accesses, cached ranges and windows of the port
   * @return another port of the same reader
   */
  public DmaPort withAttributes(MemTxAttrs initiator) {
    return new DmaPort(reader, space, unwanted, Objects.requireNonNull(initiator, "initiator"));
  }

  /**
   * Whether accesses are no longer wanted, and would fail.
   *
   * @return true if the next access would fail
   */
  public boolean isUnwanted() {
    return unwanted.getAsBoolean();
  }

  /**
   * Enters a section, for several accesses that must see one map, such as to a ring and its descriptors. Without it,
   * each access has a section of its own. The caller leaves the section before {@link #rest}, {@link #await} and {@link
   * #map}.
   *
   * @return the section, to be closed by try-with-resources
   */
  public ReadSection enter() {
    return reader.enter();
  }

  /**
   * Makes a cache of a range that the device uses repeatedly, such as a ring.
   *
   * @param address the address of the first byte, unsigned
   * @param length the number of bytes, at least 1
   * @return a cache for the thread of this port, whose accesses fail as those of the port do
   */
  public DmaCache cache(long address, long length) {
    return new DmaCache(this, reader.cache(space, address, length, attributes));
  }

  /**
   * Opens a window, to transfer between memory and the host without a copy. Over a device the window is a copy; while
   * the address space has no room for the copy, this waits for room as {@link #await} does. Call it outside any
   * section.
   *
   * @param address the address of the first byte, unsigned
   * @param length the number of bytes, at least 1
   * @param access the accesses that the window is for
   * @return a window from the first byte on, possibly a shorter one; to be ended by {@link MappedWindow#unmap} or
   *     {@link MappedWindow#close}
   * @throws DmaException if the first byte cannot be had
   * @throws IllegalStateException if the thread is interrupted while it waits; it stays interrupted
   */
  public MappedWindow map(long address, long length, Access access) {
    while (true) {
      checkWanted(address);
      switch (space.map(address, length, access, attributes)) {
        case MapResult.Whole(MappedWindow window) -> {
          return window;
        }
        case MapResult.Part(MappedWindow window) -> {
          return window;
        }
        case MapResult.Busy(CompletionStage<Void> room) -> await(() -> waitAWhile(room));
        case MapResult.Failed(MemTxResult result) -> throw new DmaException(space, address, result);
      }
    }
  }

  /** Waits for room, for a limited time, since the access may become unwanted. */
  private static Void waitAWhile(CompletionStage<Void> room) {
    try {
      room.toCompletableFuture().get(ROOM_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      return null;
    } catch (TimeoutException _) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for room for a window", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for room for a window failed", e);
    }
  }

  /**
   * Loads a little-endian value.
   *
   * @param address the address, unsigned
   * @param size 1, 2, 4 or 8 bytes
   * @return the value, zero-extended
   * @throws DmaException if it cannot be read
   */
  public long load(long address, int size) {
    checkWanted(address);
    long value = reader.load(space, address, size, ByteOrder.LITTLE_ENDIAN, attributes);
    check(reader.lastResult(), address);
    return value;
  }

  /**
   * Stores a little-endian value.
   *
   * @param address the address, unsigned
   * @param size 1, 2, 4 or 8 bytes
   * @param value the value; bits above {@code size} bytes are ignored
   * @throws DmaException if it cannot be written
   */
  public void store(long address, int size, long value) {
    checkWanted(address);
    check(reader.store(space, address, size, value, ByteOrder.LITTLE_ENDIAN, attributes), address);
  }

  /**
   * Copies guest memory into an array of the device.
   *
   * @param address the address of the first byte, unsigned
   * @param into the array that takes the bytes
   * @param offset the index of the first byte in the array
   * @param length the number of bytes; a device copies a longer range in pieces of some KiB
   * @throws DmaException if some cannot be read
   * @throws IndexOutOfBoundsException if the array does not hold them
   */
  public void read(long address, byte[] into, int offset, int length) {
    checkWanted(address);
    MemorySegment piece = MemorySegment.ofArray(into).asSlice(offset, length);
    check(reader.read(space, address, piece, attributes), address);
  }

  /**
   * Copies an array of the device into guest memory.
   *
   * @param address the address of the first byte, unsigned
   * @param from the array that holds the bytes
   * @param offset the index of the first byte in the array
   * @param length the number of bytes; a device copies a longer range in pieces of some KiB
   * @throws DmaException if some cannot be written
   * @throws IndexOutOfBoundsException if the array does not hold them
   */
  public void write(long address, byte[] from, int offset, int length) {
    checkWanted(address);
    MemorySegment piece = MemorySegment.ofArray(from).asSlice(offset, length);
    check(reader.write(space, address, piece, attributes), address);
  }

  /**
   * Announces a quiescent state, so that grace periods can end; a busy thread calls this now and then. Call it outside
   * any section and not from a device's callback.
   */
  public void rest() {
    reader.quiescent();
  }

  /**
   * Makes a blocking call, during which no grace period waits for this thread. Call it outside any section.
   *
   * @param waiting the call that waits; must not use this port
   * @param <T> the type of the result
   * @param <E> the type of the exception
   * @return the result
   * @throws E if it fails
   */
  public <T, E extends Exception> T await(Waiting<T, E> waiting) throws E {
    reader.offline();
    try {
      return waiting.call();
    } finally {
      reader.online();
    }
  }

  void checkWanted(long address) {
    if (isUnwanted()) {
      throw new DmaException(space, address, MemTxResult.ACCESS_ERROR);
    }
  }

  void check(MemTxResult result, long address) {
    if (!result.isOk()) {
      throw new DmaException(space, address, result);
    }
  }
}
