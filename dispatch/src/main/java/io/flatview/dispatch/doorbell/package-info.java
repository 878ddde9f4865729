/** Stores that do not reach the device at once: doorbells (ioeventfds), and coalesced stores. */
package io.flatview.dispatch.doorbell;
