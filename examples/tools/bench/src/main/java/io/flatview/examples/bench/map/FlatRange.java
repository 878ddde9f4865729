package io.flatview.examples.bench.map;

/**
 * A range of a flat view.
 *
 * @param first lowest address, unsigned, inclusive
 * @param last highest address, unsigned, inclusive
 * @param offset which offset of its region stands at {@code first}
 * @param ram whether it is RAM or ROM; a device otherwise
 * @param name of its region
 */
public record FlatRange(long first, long last, long offset, boolean ram, String name) {

  long size() {
    return last - first + 1;
  }

  boolean covers(long address) {
    return Long.compareUnsigned(address - first, last - first) <= 0;
  }
}
