/** Buses as emulator authors write them, and one on a memory system, under one small interpreter. */
package io.flatview.examples.bench.bus;
