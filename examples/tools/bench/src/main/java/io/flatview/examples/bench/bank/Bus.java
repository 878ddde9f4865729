package io.flatview.examples.bench.bank;

import java.util.function.LongSupplier;

/** The bus of an emulator's CPU: a way of switching banks. Used by one thread. */
interface Bus {

  /** Makes a run of selections and loads on this bus, and gives their sum. */
  default long run(LongSupplier selectionsAndLoads) {
    return selectionsAndLoads.getAsLong();
  }

  /** Switches. */
  void select(int choice);

  /** Loads a byte; its value is the same on every bus. */
  int load(int address);

  /** The machine is taken apart. */
  default void close() {}
}
