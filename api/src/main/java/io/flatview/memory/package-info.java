/**
 * The memory map of an emulated machine, as its users see it: regions, address spaces, transactions, listeners, and the
 * readers that translate and access addresses while the map changes.
 *
 * <p>Addresses are unsigned 64-bit {@code long}s; ranges are {@code first..last}, both inclusive, so that the full
 * space needs no 65th bit. Names follow QEMU's memory API where it has one.
 */
package io.flatview.memory;
