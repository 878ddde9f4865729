/** Virtio devices and split virtqueues (Virtual I/O Device specification, 2.7 and 5.2), for any transport. */
package io.flatview.examples.virtio;
