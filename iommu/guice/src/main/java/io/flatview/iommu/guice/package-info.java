/** Embedding with Guice. */
package io.flatview.iommu.guice;
