/** IOMMU models for memory systems. */
module io.flatview.iommu {
  requires transitive io.flatview.api;

  exports io.flatview.iommu;
  exports io.flatview.iommu.riscv;
}
