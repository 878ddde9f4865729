/** Guice modules for an IOMMU model. */
module io.flatview.iommu.guice {
  requires transitive io.flatview.iommu;
  requires transitive com.google.guice;
  // Guice is an automatic module: the modules that it needs are resolved only if named here.
  requires com.google.common;
  requires transitive jakarta.inject;
  requires org.objectweb.asm;

  exports io.flatview.iommu.guice;

  opens io.flatview.iommu.guice to
      com.google.guice;
}
