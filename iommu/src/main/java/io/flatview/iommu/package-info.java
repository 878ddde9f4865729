/** Translators for IOMMU regions: what stands between a device's bus-master address space and memory. */
package io.flatview.iommu;
