package io.flatview.device;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.rcu.ThreadConfined;
import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;

/**
 * A device's accesses to its bus-master address space. Everything that fails is a {@link DmaException}, and so is
 * everything that is no longer wanted: a device that is closed or reset stops at its next access, however much a guest
 * has asked for. Confined to the thread of its reader.
 */
@ThreadConfined
public final class DmaPort {

  /**
   * Something that waits for the host: a file, a socket.
   *
   * @param <T> what comes of it
   * @param <E> what it throws if it fails
   */
  @FunctionalInterface
  public interface Waiting<T, E extends Exception> {

    /**
     * Waits.
     *
     * @return what came of it
     * @throws E if it fails
     */
    T call() throws E;
  }

  private final MapReader reader;
  private final AddressSpace space;
  private final BooleanSupplier unwanted;

  /**
   * A port whose accesses are always wanted.
   *
   * @param reader the calling thread's
   * @param space what the device's addresses mean
   */
  public DmaPort(MapReader reader, AddressSpace space) {
    this(reader, space, () -> false);
  }

  /**
   * A port.
   *
   * @param reader the calling thread's
   * @param space what the device's addresses mean
   * @param unwanted whether the device is to leave memory alone by now; asked before each access
   */
  public DmaPort(MapReader reader, AddressSpace space, BooleanSupplier unwanted) {
    this.reader = reader;
    this.space = space;
    this.unwanted = unwanted;
  }

  /**
   * The same port for one request, that may become unwanted earlier.
   *
   * @param abandoned whether the request is no longer wanted
   * @return another port of the same reader
   */
  public DmaPort until(BooleanSupplier abandoned) {
    return new DmaPort(reader, space, () -> unwanted.getAsBoolean() || abandoned.getAsBoolean());
  }

  /**
   * Whether accesses are no longer wanted, and would fail.
   *
   * @return true if so
   */
  public boolean isUnwanted() {
    return unwanted.getAsBoolean();
  }

  /**
   * Loads a little-endian value.
   *
   * @param address where, unsigned
   * @param size 1, 2, 4 or 8 bytes
   * @return the value, zero-extended
   * @throws DmaException if it cannot be read
   */
  public long load(long address, int size) {
    checkWanted(address);
    long value = reader.load(space, address, size);
    check(reader.lastResult(), address);
    return value;
  }

  /**
   * Stores a little-endian value.
   *
   * @param address where, unsigned
   * @param size 1, 2, 4 or 8 bytes
   * @param value the value
   * @throws DmaException if it cannot be written
   */
  public void store(long address, int size, long value) {
    checkWanted(address);
    check(reader.store(space, address, size, value), address);
  }

  /**
   * Copies memory to a device.
   *
   * @param address where from, unsigned
   * @param into where to
   * @param offset of its first byte
   * @param length how many bytes; a device copies what is longer in pieces of some KiB
   * @throws DmaException if some cannot be read
   * @throws IndexOutOfBoundsException if the array does not hold them
   */
  public void read(long address, byte[] into, int offset, int length) {
    checkWanted(address);
    MemorySegment piece = MemorySegment.ofArray(into).asSlice(offset, length);
    check(reader.read(space, address, piece, MemTxAttrs.UNSPECIFIED), address);
  }

  /**
   * Copies from a device to memory.
   *
   * @param address where to, unsigned
   * @param from where from
   * @param offset of its first byte
   * @param length how many bytes; a device copies what is longer in pieces of some KiB
   * @throws DmaException if some cannot be written
   * @throws IndexOutOfBoundsException if the array does not hold them
   */
  public void write(long address, byte[] from, int offset, int length) {
    checkWanted(address);
    MemorySegment piece = MemorySegment.ofArray(from).asSlice(offset, length);
    check(reader.write(space, address, piece, MemTxAttrs.UNSPECIFIED), address);
  }

  /**
   * Lets grace periods pass, as a thread with much to do does now and then. To be called outside of any section, by a
   * port that is not used inside an access.
   */
  public void rest() {
    reader.quiescent();
  }

  /**
   * Waits for the host while no grace period waits for this thread. To be called outside of any section.
   *
   * @param waiting what to wait for; must not use this port
   * @param <T> of the result
   * @param <E> of the failure
   * @return what came of it
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

  private void checkWanted(long address) {
    if (isUnwanted()) {
      throw new DmaException(space, address, MemTxResult.ACCESS_ERROR);
    }
  }

  private void check(MemTxResult result, long address) {
    if (!result.isOk()) {
      throw new DmaException(space, address, result);
    }
  }
}
