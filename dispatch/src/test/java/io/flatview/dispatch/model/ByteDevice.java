package io.flatview.dispatch.model;

import io.flatview.memory.MmioHandler;
import java.util.HashMap;
import java.util.Map;

/** A device that keeps every byte written to it; the others tell the device's number and their offset. */
final class ByteDevice implements MmioHandler {

  private final int id;
  private final Map<Long, Byte> written = new HashMap<>();

  ByteDevice(int id) {
    this.id = id;
  }

  @Override
  public long read(long offset, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      long at = offset + i;
      value |= (written.getOrDefault(at, (byte) (17 * id + at)) & 0xffL) << (8 * i);
    }
    return value;
  }

  @Override
  public void write(long offset, int size, long value) {
    for (int i = 0; i < size; i++) {
      written.put(offset + i, (byte) (value >>> (8 * i)));
    }
  }
}
