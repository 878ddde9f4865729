/** Writes flattened device trees. */
package io.flatview.examples.virt64.fdt;
