/** A PCI Express root with a few functions, whose base address registers place memory regions. */
package io.flatview.examples.virt64.pci;
