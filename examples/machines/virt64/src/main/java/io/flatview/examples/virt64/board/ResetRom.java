package io.flatview.examples.virt64.board;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The code that every hart runs first, as on {@code virt}: it jumps to the firmware with its number in {@code a0}, the
 * device tree in {@code a1} and the block that OpenSBI's dynamic firmware wants in {@code a2}.
 */
final class ResetRom {

  private static final int[] CODE = {
    0x0000_0297, // auipc t0, 0
    0x0282_8613, // addi a2, t0, 40
    0xf140_2573, // csrr a0, mhartid
    0x0202_b583, // ld a1, 32(t0)
    0x0182_b283, // ld t0, 24(t0)
    0x0002_8067  // jr t0
  };

  private static final long DYNAMIC_MAGIC = 0x4942_534f;
  private static final long DYNAMIC_VERSION = 2;
  private static final long NEXT_IN_SUPERVISOR_MODE = 1;
  private static final int BYTES = 128;

  private ResetRom() {}

  static byte[] of(long start, long deviceTree, long next) {
    ByteBuffer rom = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int instruction : CODE) {
      rom.putInt(instruction);
    }
    return rom.putLong(start)
        .putLong(deviceTree)
        .putLong(DYNAMIC_MAGIC)
        .putLong(DYNAMIC_VERSION)
        .putLong(next)
        .putLong(NEXT_IN_SUPERVISOR_MODE)
        .array();
  }
}
