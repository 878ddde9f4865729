/** DMA through an IOMMU whose mappings change under it, checked against the driver's own account. */
package io.flatview.examples.cli.demo.dma;
