package io.flatview.examples.virt64.board;

import io.flatview.examples.virt64.device.Plic;
import io.flatview.iommu.riscv.Capabilities;
import io.flatview.iommu.riscv.RiscvIommu;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;

/**
 * The board's RISC-V IOMMU. It starts in bare mode, as a boot ROM would leave it, so that software which does not
 * know it finds its devices at work; software that does may take it over.
 */
final class IommuBoard implements AutoCloseable {

  private static final long DIRECTORY_POINTER = 16;
  private static final long BARE = 1;

  private final RiscvIommu iommu;
  private final MemorySystem memory;
  private final MemoryRegion.Mmio registers;

  /** {@code fabric} is where translations lead, and where its tables and queues are. */
  IommuBoard(MemorySystem memory, AddressSpace fabric, ReclaimPolicy policy, Plic plic) {
    this.memory = memory;
    iommu = new RiscvIommu(memory, fabric, policy, Capabilities.ALL, (vector, asserted) ->
        plic.line(Layout.IOMMU_INTERRUPT + vector % Layout.IOMMU_WIRES).set(asserted));
    registers = memory.mmio("iommu-registers", RiscvIommu.REGISTERS, iommu.registers());
  }

  /** The address space of a device. */
  AddressSpace busMaster(String name, int requester) {
    return iommu.busMaster(memory, name, requester);
  }

  void place(MemoryRegion.Container system) {
    memory.update(tx -> tx.addSubregion(system, Layout.IOMMU, registers));
    iommu.registers().write(DIRECTORY_POINTER, Long.BYTES, BARE);
  }

  @Override
  public void close() {
    iommu.close();
  }
}
