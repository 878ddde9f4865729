/** IOMMU models for memory systems. */
module io.flatview.iommu {
  requires transitive io.flatview.api;
  requires transitive com.google.guice;
  // Guice is an automatic module: what it needs at run time is resolved only if named here.
  requires com.google.common;
  requires transitive jakarta.inject;
  requires org.objectweb.asm;

  exports io.flatview.iommu;
  exports io.flatview.iommu.guice;
  exports io.flatview.iommu.riscv;

  opens io.flatview.iommu.guice to
      com.google.guice;
}
