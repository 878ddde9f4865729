package io.flatview.dispatch;

import io.flatview.memory.MmioHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A device that notes what it is asked, and reads as its offset unless given a value. */
final class Registers implements MmioHandler {

  final List<String> asked = new CopyOnWriteArrayList<>();
  private Long value;

  Registers reading(long value) {
    this.value = value;
    return this;
  }

  @Override
  public long read(long offset, int size) {
    asked.add("read " + size + " @" + Long.toHexString(offset));
    return value == null ? offset : value;
  }

  @Override
  public void write(long offset, int size, long value) {
    asked.add("write " + size + " @" + Long.toHexString(offset) + " = " + Long.toHexString(value));
  }
}
