package io.flatview.dispatch.fuzz;

import io.flatview.memory.AccessSizes;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioRules;
import io.flatview.memory.MmioRules.SmallWrites;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * Bytes behind random rules. One of the bytes may be bad: an access that means it fails, and is made all the same. None
 * is where small stores read first, since that reads neighbours, too.
 */
final class FuzzDevice implements MmioDevice {

  final byte[] bytes;
  final int bad;
  private final MmioRules rules;

  FuzzDevice(Random random, int size) {
    bytes = new byte[size];
    random.nextBytes(bytes);
    rules = MmioRules.DEFAULT
        .withValid(sizes(random))
        .withImplemented(implemented(random, size))
        .withOrder(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
        .withSmallWrites(random.nextBoolean() ? SmallWrites.LANES : SmallWrites.MERGE);
    bad = rules.smallWrites() == SmallWrites.LANES && random.nextBoolean() ? random.nextInt(size) : -1;
  }

  private static AccessSizes sizes(Random random) {
    AccessSizes sizes = random.nextBoolean() ? range(random) : AccessSizes.of(random.ints(3, 1, 9).toArray());
    return random.nextBoolean() ? sizes : sizes.atAnyOffset();
  }

  private static AccessSizes range(Random random) {
    int min = 1 << random.nextInt(4);
    return AccessSizes.aligned(min, Math.max(min, 1 << random.nextInt(4)));
  }

  /** What reaches the last byte of a device. */
  private static AccessSizes implemented(Random random, int size) {
    AccessSizes sizes = sizes(random);
    while (size % AccessSizes.block(sizes.min()) != 0) {
      sizes = sizes(random);
    }
    return sizes;
  }

  @Override
  public MmioRules rules() {
    return rules;
  }

  private int shift(int i, int size) {
    return 8 * (rules.order() == ByteOrder.LITTLE_ENDIAN ? i : size - 1 - i);
  }

  private boolean isMeant(MemTx tx, int i, int size) {
    return (tx.lanes() >>> shift(i, size) & 0xff) != 0;
  }

  private void check(long offset, int size) {
    AccessSizes sizes = rules.implemented();
    if (!sizes.allow(offset, size)) {
      throw new AssertionError("called with " + size + " bytes at " + offset + ", and implements " + sizes);
    }
  }

  @Override
  public long read(long offset, int size, MemTx tx) {
    check(offset, size);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[(int) offset + i] & 0xffL) << shift(i, size);
      failIfBad(tx, (int) offset + i, isMeant(tx, i, size));
    }
    return value;
  }

  @Override
  public void write(long offset, int size, long value, MemTx tx) {
    check(offset, size);
    for (int i = 0; i < size; i++) {
      if (isMeant(tx, i, size)) {
        bytes[(int) offset + i] = (byte) (value >>> shift(i, size));
      }
      failIfBad(tx, (int) offset + i, isMeant(tx, i, size));
    }
  }

  private void failIfBad(MemTx tx, int at, boolean meant) {
    if (at == bad && meant) {
      tx.fail(MemTxResult.ERROR);
    }
  }
}
