package io.flatview.dispatch.window;

import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/** A copy of what a device gives, or of what it shall get. */
final class BounceWindow extends Window {

  /**
   * Who answered when the window was mapped.
   *
   * @param region the device
   * @param offset in it, unsigned
   */
  record Target(MemoryRegion region, long offset) {

    boolean isAt(Translation translation) {
      return translation.section().region() == region && translation.offset() == offset;
    }
  }

  private final Supplier<? extends MapReader> readers;
  private final BounceSpace bounce;
  private final Target target;
  private final MemorySegment copy;

  BounceWindow(
      OpenWindows open, Place place, MemorySegment copy, Target target, Supplier<? extends MapReader> readers,
      BounceSpace bounce) {
    super(open, place, copy);
    this.copy = copy;
    this.target = target;
    this.readers = readers;
    this.bounce = bounce;
  }

  @Override
  public boolean isDirect() {
    return false;
  }

  @Override
  MemTxResult written(long count) {
    MapReader reader = readers.get();
    try (ReadSection _ = reader.enter()) {
      return target.isAt(place().translate(reader, 0, count))
          ? reader.write(addressSpace(), address(), copy.asSlice(0, count), attributes())
          : MemTxResult.DECODE_ERROR;
    }
  }

  @Override
  void abandoned() {
    // Nobody knows what is worth sending.
  }

  @Override
  void release() {
    bounce.giveBack(length());
  }
}
