package io.flatview.dispatch.access;

import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.MemTxResult;

/**
 * Makes a valid access from those that a device implements.
 *
 * <p>Values are in lanes here: byte <i>i</i> of an access, which is the one at offset + <i>i</i>, in bits 8<i>i</i> and
 * up, whatever the device's byte order. A piece is the part of an access that one call of the device serves.
 */
final class DeviceLanes {

  private DeviceLanes() {}

  static long load(AccessFrame frame, long offset, int size) {
    long value = 0;
    for (int done = 0; done < size;) {
      int left = size - done;
      int whole = whole(frame.device.implemented(), offset + done, left);
      int piece = whole > 0 ? whole : around(frame.device.implemented(), offset + done, left);
      value |= loadPiece(frame, offset + done, piece, whole > 0) << (Byte.SIZE * done);
      done += piece;
    }
    return value;
  }

  static void store(AccessFrame frame, long offset, int size, long value) {
    for (int done = 0; done < size;) {
      int left = size - done;
      int whole = whole(frame.device.implemented(), offset + done, left);
      int piece = whole > 0 ? whole : around(frame.device.implemented(), offset + done, left);
      storePiece(frame, offset + done, piece, whole > 0, value >>> (Byte.SIZE * done) & LittleEndian.mask(piece));
      done += piece;
    }
  }

  /** The largest implemented access of no more than some bytes; 0 if there is none at the offset. */
  private static int whole(AccessSizes sizes, long offset, int wanted) {
    int size = sizes.largestWithin(wanted);
    while (size > 0 && !sizes.allow(offset, size)) {
      size = sizes.largestWithin(size - 1);
    }
    return size;
  }

  /** The number of the wanted bytes that lie in the smallest access around an offset. */
  private static int around(AccessSizes sizes, long offset, int wanted) {
    return Math.min(wanted, sizes.min() - into(sizes, offset));
  }

  /** The distance of an offset from the start of the smallest access around it, at the start or end of its block. */
  private static int into(AccessSizes sizes, long offset) {
    int block = AccessSizes.block(sizes.min());
    int inBlock = (int) offset & block - 1;
    return inBlock < sizes.min() ? inBlock : inBlock - (block - sizes.min());
  }

  private static long loadPiece(AccessFrame frame, long offset, int piece, boolean whole) {
    if (whole) {
      return read(frame, offset, piece, LittleEndian.mask(piece));
    }
    AccessSizes sizes = frame.device.implemented();
    int into = into(sizes, offset);
    long lanes = LittleEndian.mask(piece) << (Byte.SIZE * into);
    return isRefused(frame, offset - into, sizes.min())
        ? 0
        : (read(frame, offset - into, sizes.min(), lanes) & lanes) >>> (Byte.SIZE * into);
  }

  private static void storePiece(AccessFrame frame, long offset, int piece, boolean whole, long value) {
    if (whole) {
      write(frame, offset, piece, value, LittleEndian.mask(piece));
      return;
    }
    AccessSizes sizes = frame.device.implemented();
    int into = into(sizes, offset);
    if (!isRefused(frame, offset - into, sizes.min())) {
      storeAround(frame, offset - into, sizes.min(), value << (Byte.SIZE * into),
          LittleEndian.mask(piece) << (Byte.SIZE * into));
    }
  }

  private static void storeAround(AccessFrame frame, long offset, int size, long placed, long lanes) {
    if (frame.device.merges()) {
      long all = LittleEndian.mask(size);
      long old = read(frame, offset, size, all);
      write(frame, offset, size, placed | old & ~lanes, all);
    } else {
      write(frame, offset, size, placed, lanes);
    }
  }

  /**
   * Whether a call would end beyond the region; if so, the access fails. That happens at the end of a region if the
   * device's smallest access does not fit there.
   */
  private static boolean isRefused(AccessFrame frame, long offset, int size) {
    boolean beyond = !frame.device.reaches(offset, size);
    if (beyond) {
      frame.fail(MemTxResult.DECODE_ERROR);
    }
    return beyond;
  }

  private static long read(AccessFrame frame, long offset, int size, long lanes) {
    DeviceBinding device = frame.device;
    frame.lanes = ordered(device, lanes, size);
    return ordered(device, device.handler.read(offset, size, frame) & LittleEndian.mask(size), size);
  }

  private static void write(AccessFrame frame, long offset, int size, long value, long lanes) {
    DeviceBinding device = frame.device;
    frame.lanes = ordered(device, lanes, size);
    device.handler.write(offset, size, ordered(device, value, size), frame);
  }

  /** Converts lanes to the device's byte order, or back. */
  private static long ordered(DeviceBinding device, long value, int size) {
    return device.isBigEndian() ? LittleEndian.reversed(value, size) : value;
  }
}
