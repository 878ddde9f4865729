/** Translation through an IOMMU. */
package io.flatview.examples.bench.iommu;
