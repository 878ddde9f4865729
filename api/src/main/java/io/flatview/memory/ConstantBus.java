package io.flatview.memory;

/** A bus on which all holes read one value. */
record ConstantBus(long constant) implements OpenBus {

  @Override
  public long value(long address, int size) {
    return constant;
  }
}
