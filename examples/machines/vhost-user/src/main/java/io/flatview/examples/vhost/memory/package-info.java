/** A front end's table of memory as a map, its dirty log, and its IOMMU. */
package io.flatview.examples.vhost.memory;
