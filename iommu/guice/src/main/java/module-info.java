/** Guice modules for an IOMMU model. */
module io.flatview.iommu.guice {
  requires transitive io.flatview.iommu;
  requires transitive com.google.guice;
  // Guice is an automatic module: what it needs at run time is resolved only if named here.
  requires com.google.common;
  requires transitive jakarta.inject;
  requires org.objectweb.asm;

  exports io.flatview.iommu.guice;

  opens io.flatview.iommu.guice to
      com.google.guice;
}
