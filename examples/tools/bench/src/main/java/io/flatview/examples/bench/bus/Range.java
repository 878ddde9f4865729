package io.flatview.examples.bench.bus;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A range of a bus that emulator authors write: RAM in an array, or a device. */
final class Range {

  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  final long first;
  final long last;
  private final byte[] ram;
  private final Device device;

  Range(long first, long last, byte[] ram, Device device) {
    this.first = first;
    this.last = last;
    this.ram = ram;
    this.device = device;
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  boolean contains(long address) {
    return address >= first && address <= last;
  }

  long load(long address, int size) {
    int offset = (int) (address - first);
    return ram == null ? device.read(offset, size) : loadRam(offset, size);
  }

  private long loadRam(int offset, int size) {
    return switch (size) {
      case 1 -> ram[offset] & 0xffL;
      case 2 -> (short) SHORT.get(ram, offset) & 0xffffL;
      case 4 -> (int) INT.get(ram, offset) & 0xffff_ffffL;
      default -> (long) LONG.get(ram, offset);
    };
  }

  void store(long address, int size, long value) {
    int offset = (int) (address - first);
    if (ram == null) {
      device.write(offset, size, value);
    } else {
      storeRam(offset, size, value);
    }
  }

  private void storeRam(int offset, int size, long value) {
    switch (size) {
      case 1 -> ram[offset] = (byte) value;
      case 2 -> SHORT.set(ram, offset, (short) value);
      case 4 -> INT.set(ram, offset, (int) value);
      default -> LONG.set(ram, offset, value);
    }
  }
}
