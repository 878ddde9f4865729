/** Threads that wait for each other: devices' locks, turns and maps' locks of all memory systems. */
package io.flatview.dispatch.waits;
