package io.flatview.examples.virt64.board;

import io.flatview.examples.virt64.device.Plic;
import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;

/**
 * The board's RISC-V IOMMU. It starts in bare mode, as a boot ROM would leave it, so that software which does not
 * know it finds its devices at work; software that does may take it over.
 */
final class IommuBoard implements AutoCloseable {

  private static final int DEVICE_ID = 1;
  private static final long DIRECTORY_POINTER = 16;
  private static final long BARE = 1;

  private final RiscvIommu iommu;
  private final MemorySystem memory;
  private final AddressSpace bus;
  private final MemoryRegion.Mmio registers;

  IommuBoard(MemorySystem memory, AddressSpace bus, ReclaimPolicy policy, Plic plic) {
    this.memory = memory;
    this.bus = bus;
    iommu = new RiscvIommu(memory, bus, policy, Capabilities.ALL, (vector, asserted) ->
        plic.line(Layout.IOMMU_INTERRUPT + vector % Layout.IOMMU_WIRES).set(asserted));
    registers = memory.mmio("iommu-registers", RiscvIommu.REGISTERS, iommu.registers());
  }

  /** What devices see. */
  AddressSpace busMaster() {
    return iommu.busMaster(memory, "dma", DEVICE_ID);
  }

  void place(MemoryRegion.Container system) {
    memory.update(tx -> tx.addSubregion(system, Layout.IOMMU, registers));
    MapReader reader = memory.reader();
    reader.store(bus, Layout.IOMMU + DIRECTORY_POINTER, Long.BYTES, BARE);
  }

  @Override
  public void close() {
    iommu.close();
  }
}
