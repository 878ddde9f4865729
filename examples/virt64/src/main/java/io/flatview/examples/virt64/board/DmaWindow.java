package io.flatview.examples.virt64.board;

import io.flatview.iommu.Permission;
import io.flatview.iommu.WindowIommu;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;

/** An IOMMU that lets devices reach DRAM at its own addresses, and nothing else. */
final class DmaWindow {

  private DmaWindow() {}

  static MemoryRegion to(AddressSpace bus, MemoryRegion.Ram dram, MemorySystem memory) {
    WindowIommu iommu = new WindowIommu();
    AddressRange range = new AddressRange(Layout.DRAM, Layout.DRAM + dram.size().last());
    iommu.map(range, bus, Layout.DRAM, Permission.READ_WRITE);
    return memory.iommu("iommu", Size.FULL, iommu);
  }
}
