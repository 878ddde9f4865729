package io.flatview.dispatch.picture;

import io.flatview.memory.MemoryRegion;

/** The kinds of regions that have colours of their own. */
enum Kind {
  RAM("ram", "RAM"),
  ROM("rom", "ROM, or memory whose writes are refused"),
  ROMD("romd", "ROM device"),
  MMIO("mmio", "devices"),
  IOMMU("iommu", "IOMMU"),
  RESERVED("res", "reserved"),
  CONTAINER("cont", "container");

  /** The class name in the style sheet. */
  final String style;

  /** The text in the legend. */
  final String legend;

  Kind(String style, String legend) {
    this.style = style;
    this.legend = legend;
  }

  /** The kind of a region that is no alias, with what it inherited. */
  static Kind of(MemoryRegion region, boolean readOnly) {
    return switch (region) {
      case MemoryRegion.Ram _ -> readOnly ? ROM : RAM;
      case MemoryRegion.Rom _ -> ROM;
      case MemoryRegion.RomDevice device -> device.isRomdMode() ? ROMD : MMIO;
      case MemoryRegion.Mmio _ -> MMIO;
      case MemoryRegion.Iommu _ -> IOMMU;
      case MemoryRegion.Reserved _ -> RESERVED;
      case MemoryRegion.Container _, MemoryRegion.Bank _ -> CONTAINER;
      case MemoryRegion.Alias alias -> of(alias.target(), readOnly);
    };
  }
}
