package io.flatview.examples.cli.demo.place;

import io.flatview.examples.cli.demo.oracle.Stamp;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;

/** The watched addresses, by number: the first word of each cell, through each of the views. */
public final class Points {

  private static final int WORD = Long.BYTES;

  private final AddressSpace[] spaces;
  private final long[] addresses;

  Points(AddressSpace[] spaces, long[] addresses) {
    this.spaces = spaces;
    this.addresses = addresses;
  }

  /**
   * How many there are.
   *
   * @return the number
   */
  public int count() {
    return addresses.length;
  }

  /**
   * Loads the word at a point.
   *
   * @param reader the reader that loads
   * @param point the number of the point, from 0
   * @return the word, or how the load failed, as {@link Stamp} has it
   */
  public long load(MapReader reader, int point) {
    return load(reader, spaces[point], addresses[point]);
  }

  /**
   * Loads a word.
   *
   * @param reader the reader that loads
   * @param space the address space of the word
   * @param address the address of the word in {@code space}, unsigned
   * @return the word, or how the load failed, as {@link Stamp} has it
   */
  public static long load(MapReader reader, AddressSpace space, long address) {
    long word = reader.load(space, address, WORD);
    MemTxResult result = reader.lastResult();
    return result.isOk() ? word : result == MemTxResult.DECODE_ERROR ? Stamp.NOTHING : Stamp.REFUSED;
  }

  /**
   * Loads a word of a point's cell.
   *
   * @param reader the reader that loads
   * @param point the number of the point, from 0
   * @param offset in the cell
   * @return the word, or 0 if the load failed
   */
  public long loadBeside(MapReader reader, int point, long offset) {
    return reader.load(spaces[point], addresses[point] + offset, WORD);
  }

  /**
   * Stores a word in a point's cell.
   *
   * @param reader the reader that stores
   * @param point the number of the point, from 0
   * @param offset in the cell
   * @param word the word to store
   * @return how it went
   */
  public MemTxResult storeBeside(MapReader reader, int point, long offset, long word) {
    return reader.store(spaces[point], addresses[point] + offset, WORD, word);
  }

  /**
   * A point as messages show it.
   *
   * @param point the number of the point, from 0
   * @return its space and address
   */
  public String describe(int point) {
    return spaces[point].name() + " " + AddressRange.hex(addresses[point]);
  }
}
