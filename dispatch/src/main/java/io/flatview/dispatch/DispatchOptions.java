package io.flatview.dispatch;

import java.util.Objects;

/**
 * The sizes and limits of a memory system, and its name.
 *
 * @param pageSize the number of bytes in a page of the page tables: a power of two from 256 to 65536
 * @param hopLimit the number of IOMMUs that a translation may pass before it is refused; at least 1
 * @param bounceLimit the number of bytes that each address space may have in bounce buffers at a time; at least 1
 * @param name a name for people, in messages that tell memory systems apart; need not be unique; if it is empty, the
 *     messages have a number
 */
public record DispatchOptions(int pageSize, int hopLimit, int bounceLimit, String name) {

  private static final DispatchOptions DEFAULTS = new DispatchOptions(4096, 16, 4096, "");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public DispatchOptions {
    if (pageSize < 256 || pageSize > 65536 || Integer.bitCount(pageSize) != 1) {
      throw new IllegalArgumentException(
          "a page size of " + pageSize + "; powers of two from 256 to 65536 are possible");
    }
    if (hopLimit < 1) {
      throw new IllegalArgumentException("a hop limit of " + hopLimit + "; at least 1 is needed to pass any IOMMU");
    }
    if (bounceLimit < 1) {
      throw new IllegalArgumentException(
          "a bounce limit of " + bounceLimit + " bytes; at least 1 is needed to map any device");
    }
    Objects.requireNonNull(name, "name");
  }

  /**
   * Options without a name.
   *
   * @param pageSize the number of bytes in a page of the page tables: a power of two from 256 to 65536
   * @param hopLimit the number of IOMMUs that a translation may pass before it is refused; at least 1
   * @param bounceLimit the number of bytes that each address space may have in bounce buffers at a time; at least 1
   * @throws IllegalArgumentException if one is out of range
   */
  public DispatchOptions(int pageSize, int hopLimit, int bounceLimit) {
    this(pageSize, hopLimit, bounceLimit, "");
  }

  /**
   * Pages of 4096 bytes, at most 16 IOMMUs in a row, 4096 bytes of bounce buffers for each address space.
   *
   * @return the default options
   */
  public static DispatchOptions defaults() {
    return DEFAULTS;
  }

  /**
   * A copy with another page size.
   *
   * @param bytes the page size, a power of two from 256 to 65536
   * @return a copy of these options with that change
   */
  public DispatchOptions withPageSize(int bytes) {
    return new DispatchOptions(bytes, hopLimit, bounceLimit, name);
  }

  /**
   * A copy with another hop limit.
   *
   * @param hops the number of IOMMUs, at least 1
   * @return a copy of these options with that change
   */
  public DispatchOptions withHopLimit(int hops) {
    return new DispatchOptions(pageSize, hops, bounceLimit, name);
  }

  /**
   * A copy with another limit for bounce buffers.
   *
   * @param bytes the number of bytes, at least 1
   * @return a copy of these options with that change
   */
  public DispatchOptions withBounceLimit(int bytes) {
    return new DispatchOptions(pageSize, hopLimit, bytes, name);
  }

  /**
   * A copy with another name.
   *
   * @param named the name of the memory system, such as {@code board}
   * @return a copy of these options with that change
   */
  public DispatchOptions withName(String named) {
    return new DispatchOptions(pageSize, hopLimit, bounceLimit, named);
  }
}
