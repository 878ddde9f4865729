/**
 * What a device model needs beside its registers, whatever a guest asks of it: memory that a guest names, timers, and a
 * thread of its own that ends.
 */
package io.flatview.device;
