/** Threads that wait for each other: devices' locks, turns, deliveries of coalesced stores and maps' locks. */
package io.flatview.dispatch.waits;
