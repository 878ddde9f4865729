package io.flatview.dispatch.access;

import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.memory.AccessSizes;

/**
 * Makes a valid access of those that a device implements.
 *
 * <p>Values are in lanes here: byte <i>i</i> of an access, which is the one at offset + <i>i</i>, in bits 8<i>i</i> and
 * up, whatever the device's byte order. A piece is what one call of the device serves of an access.
 */
final class DeviceLanes {

  private DeviceLanes() {}

  static long load(AccessFrame frame, long offset, int size) {
    long value = 0;
    for (int done = 0; done < size;) {
      int piece = piece(frame.device.implemented, offset + done, size - done);
      value |= loadPiece(frame, offset + done, piece) << (Byte.SIZE * done);
      done += piece;
    }
    return value;
  }

  static void store(AccessFrame frame, long offset, int size, long value) {
    for (int done = 0; done < size;) {
      int piece = piece(frame.device.implemented, offset + done, size - done);
      storePiece(frame, offset + done, piece, value >>> (Byte.SIZE * done) & LittleEndian.mask(piece));
      done += piece;
    }
  }

  /** How many bytes the next call serves: as many as are implemented, or what lies in the smallest aligned access. */
  private static int piece(AccessSizes sizes, long offset, int wanted) {
    int most = Math.min(sizes.max(), Integer.highestOneBit(wanted));
    int aligned = (int) Long.lowestOneBit(offset | sizes.max());
    int piece = sizes.unaligned() ? most : Math.min(most, aligned);
    return piece >= sizes.min() ? piece : Math.min(wanted, sizes.min() - into(sizes, offset));
  }

  /** How far an offset is into the smallest aligned access. */
  private static int into(AccessSizes sizes, long offset) {
    return (int) offset & (sizes.min() - 1);
  }

  private static long loadPiece(AccessFrame frame, long offset, int piece) {
    AccessSizes sizes = frame.device.implemented;
    if (piece >= sizes.min()) {
      return read(frame, offset, piece, LittleEndian.mask(piece));
    }
    int into = into(sizes, offset);
    long lanes = LittleEndian.mask(piece) << (Byte.SIZE * into);
    return (read(frame, offset - into, sizes.min(), lanes) & lanes) >>> (Byte.SIZE * into);
  }

  private static void storePiece(AccessFrame frame, long offset, int piece, long value) {
    AccessSizes sizes = frame.device.implemented;
    if (piece >= sizes.min()) {
      write(frame, offset, piece, value, LittleEndian.mask(piece));
      return;
    }
    int into = into(sizes, offset);
    long lanes = LittleEndian.mask(piece) << (Byte.SIZE * into);
    long placed = value << (Byte.SIZE * into);
    if (frame.device.merges) {
      long all = LittleEndian.mask(sizes.min());
      long old = read(frame, offset - into, sizes.min(), all);
      write(frame, offset - into, sizes.min(), placed | old & ~lanes, all);
    } else {
      write(frame, offset - into, sizes.min(), placed, lanes);
    }
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

  /** From lanes to the device's value, and back. */
  private static long ordered(DeviceBinding device, long value, int size) {
    return device.bigEndian ? LittleEndian.reversed(value, size) : value;
  }
}
