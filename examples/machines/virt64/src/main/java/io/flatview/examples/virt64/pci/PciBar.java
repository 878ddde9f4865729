package io.flatview.examples.virt64.pci;

import io.flatview.memory.MemoryRegion;

/**
 * The region that a base address register places.
 *
 * @param region the region to place; its size is a power of two, at least 16 bytes
 * @param kind in which space, and how
 */
public record PciBar(MemoryRegion region, Kind kind) {

  /** The kinds of base address registers; each knows its low bits. */
  public enum Kind {
    /** Ports. */
    PORTS(1),
    /** Memory below 4 GiB. */
    MEMORY(0),
    /** Memory anywhere, without side effects; takes two registers. */
    WIDE_MEMORY(0xc);

    private final int bits;

    Kind(int bits) {
      this.bits = bits;
    }

    int bits() {
      return bits;
    }

    boolean isPorts() {
      return this == PORTS;
    }

    boolean isWide() {
      return this == WIDE_MEMORY;
    }
  }

  long size() {
    return region.size().toBytes();
  }
}
