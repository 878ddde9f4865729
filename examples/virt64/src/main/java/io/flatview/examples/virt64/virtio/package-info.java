/** Virtio over MMIO (Virtual I/O Device specification, 4.2), and a disk. */
package io.flatview.examples.virt64.virtio;
