/** Virtio over MMIO (Virtual I/O Device specification, 4.2). */
package io.flatview.examples.virt64.virtio;
