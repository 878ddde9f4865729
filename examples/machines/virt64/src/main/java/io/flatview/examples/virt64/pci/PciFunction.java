package io.flatview.examples.virt64.pci;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/** The configuration space of a function: its bytes, and which bits can be written. Guarded by its host. */
public final class PciFunction {

  /** Bytes of configuration space. */
  static final int SIZE = 4096;

  static final int COMMAND = 0x04;
  static final int COMMAND_PORTS = 1;
  static final int COMMAND_MEMORY = 2;

  private static final int BAR = 0x10;
  private static final int BARS = 6;
  private static final int COMMAND_WRITABLE = 0x0547;
  private static final int LINE = 0x3c;
  private static final int PIN = 0x3d;
  private static final int CACHE_LINE = 0x0c;

  private final String name;
  private final ByteBuffer values = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer writable = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
  private final Map<Integer, PciBar> bars = new TreeMap<>();

  /**
   * A function.
   *
   * @param name the name of the function, for messages
   * @param vendor the number of the vendor, 16 bits
   * @param device the number of the device, 16 bits
   * @param classCode class, subclass and interface
   */
  public PciFunction(String name, int vendor, int device, int classCode) {
    this.name = name;
    values.putShort(0, (short) vendor).putShort(2, (short) device).putInt(8, classCode << 8);
    values.putShort(0x2c, (short) 0x1af4).putShort(0x2e, (short) 0x1100);
    writable.putShort(COMMAND, (short) COMMAND_WRITABLE).put(LINE, (byte) -1).put(CACHE_LINE, (byte) -1);
  }

  /**
   * Gives the function a base address register.
   *
   * @param index 0 to 5
   * @param bar the region that it places
   * @return this
   */
  public PciFunction bar(int index, PciBar bar) {
    int at = BAR + 4 * index;
    values.putInt(at, bar.kind().bits());
    writable.putInt(at, (int) -bar.size() & ~0xf);
    if (bar.kind().isWide()) {
      writable.putInt(at + 4, (int) (-bar.size() >>> 32));
    }
    bars.put(index, bar);
    return this;
  }

  /**
   * Says that the function interrupts through pin A.
   *
   * @return this
   */
  public PciFunction withPin() {
    values.put(PIN, (byte) 1);
    return this;
  }

  /**
   * The name.
   *
   * @return for people
   */
  public String name() {
    return name;
  }

  Map<Integer, PciBar> bars() {
    return bars;
  }

  long read(int offset, int size) {
    long value = 0;
    for (int i = 0; i < size && offset + i < SIZE; i++) {
      value |= (values.get(offset + i) & 0xffL) << 8 * i;
    }
    return value;
  }

  /** @return whether the write may have moved something */
  boolean write(int offset, int size, long value) {
    for (int i = 0; i < size && offset + i < SIZE; i++) {
      int mask = writable.get(offset + i);
      int bits = (int) (value >>> 8 * i);
      values.put(offset + i, (byte) (values.get(offset + i) & ~mask | bits & mask));
    }
    return offset < BAR + 4 * BARS && offset + size > COMMAND;
  }

  /** Whether what a register places is to be seen. */
  boolean decodes(PciBar bar) {
    int needed = bar.kind().isPorts() ? COMMAND_PORTS : COMMAND_MEMORY;
    return (values.getShort(COMMAND) & needed) != 0;
  }

  long address(int index) {
    PciBar bar = bars.get(index);
    int at = BAR + 4 * index;
    long low = values.getInt(at) & 0xffff_fff0L;
    return bar.kind().isWide() ? low | (long) values.getInt(at + 4) << 32 : low;
  }

}
