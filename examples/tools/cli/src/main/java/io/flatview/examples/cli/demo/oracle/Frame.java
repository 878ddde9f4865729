package io.flatview.examples.cli.demo.oracle;

import java.util.Arrays;

/**
 * The words that the watched points show from one commit to the next. Points come in blocks, so that frames can share
 * the blocks that are alike. Immutable: the maker of a frame gives the arrays away.
 */
public final class Frame {

  /** How many points a block holds. */
  public static final int BLOCK = 16;

  private static final int BLOCK_SHIFT = Integer.numberOfTrailingZeros(BLOCK);

  private final long number;
  private final long[][] blocks;

  /**
   * A frame.
   *
   * @param number of the commit that makes it true
   * @param blocks the words that the points show, {@link #BLOCK} to a block
   */
  public Frame(long number, long[][] blocks) {
    this.number = number;
    this.blocks = blocks;
  }

  /**
   * Which commit makes it true.
   *
   * @return the number
   */
  public long number() {
    return number;
  }

  /**
   * The value of a load at a point.
   *
   * @param point the number of the point, from 0
   * @return the word
   */
  public long expected(int point) {
    return blocks[point >>> BLOCK_SHIFT][point & BLOCK - 1];
  }

  /**
   * Whether every point shows the same.
   *
   * @param other another frame
   * @return true if no reader could tell them apart
   */
  public boolean shows(Frame other) {
    return Arrays.deepEquals(blocks, other.blocks);
  }
}
