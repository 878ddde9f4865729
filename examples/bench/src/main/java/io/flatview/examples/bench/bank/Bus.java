package io.flatview.examples.bench.bank;

/** What a CPU of an emulator is connected to: a way of switching banks. Used by one thread. */
interface Bus {

  /** A run of selections and loads begins. */
  default void begin() {}

  /** Switches. */
  void select(int choice);

  /** Loads a byte; its value is the same on every bus. */
  int load(int address);

  /** A run ends. */
  default void end() {}

  /** The machine is taken apart. */
  default void close() {}
}
