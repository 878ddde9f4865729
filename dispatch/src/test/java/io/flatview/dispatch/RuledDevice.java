package io.flatview.dispatch;

import io.flatview.memory.MemTx;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Sixteen bytes of registers behind rules, which notes each call and refuses none. Byte i is 0x10 + i at first. */
final class RuledDevice implements MmioDevice {

  final byte[] bytes = new byte[16];
  final List<String> asked = new ArrayList<>();
  private final MmioRules rules;

  RuledDevice(MmioRules rules) {
    this.rules = rules;
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (0x10 + i);
    }
  }

  @Override
  public MmioRules rules() {
    return rules;
  }

  private int place(int i, int size) {
    return rules.order() == ByteOrder.LITTLE_ENDIAN ? i : size - 1 - i;
  }

  @Override
  public long read(long offset, int size, MemTx tx) {
    asked.add("r" + size + "@" + offset);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[(int) offset + i] & 0xffL) << (8 * place(i, size));
    }
    return value;
  }

  @Override
  public void write(long offset, int size, long value, MemTx tx) {
    asked.add("w" + size + "@" + offset + "/" + Long.toHexString(tx.lanes()));
    for (int i = 0; i < size; i++) {
      if ((tx.lanes() >>> (8 * place(i, size)) & 0xff) != 0) {
        bytes[(int) offset + i] = (byte) (value >>> (8 * place(i, size)));
      }
    }
  }
}
