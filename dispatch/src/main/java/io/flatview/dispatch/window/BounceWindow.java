package io.flatview.dispatch.window;

import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/** A window on a bounce buffer: a copy of bytes that were read from a device, or that are to be written to it. */
final class BounceWindow extends Window {

  /**
   * The device that answered when the window was mapped.
   *
   * @param region the region of the device
   * @param offset the offset in the region, unsigned
   */
  record Target(MemoryRegion region, long offset) {

    boolean isAt(Translation translation, long distance) {
      return translation.section().region() == region && translation.offset() == offset + distance;
    }
  }

  private final Supplier<? extends MapReader> readers;
  private final BounceSpace bounce;
  private final Target target;
  private final MemorySegment copy;

  BounceWindow(
      OpenWindows open, WindowRequest request, MemorySegment copy, Target target, Supplier<? extends MapReader> readers,
      BounceSpace bounce) {
    super(open, request, copy);
    this.copy = copy;
    this.target = target;
    this.readers = readers;
    this.bounce = bounce;
  }

  @Override
  public boolean isDirect() {
    return false;
  }

  /**
   * Writes to the final address, at which the device was just found, without translating through the IOMMUs again:
   * their answers may change within the section.
   */
  @Override
  MemTxResult written(long count) {
    MapReader reader = readers.get();
    MemTxResult result = MemTxResult.OK;
    try (ReadSection _ = reader.enter()) {
      for (long piece, done = 0; done < count; done += piece) {
        Translation at = request().translate(reader, done, count - done);
        if (!target.isAt(at, done)) {
          return result.or(MemTxResult.DECODE_ERROR);
        }
        piece = at.length();
        result = result.or(reader.write(at.addressSpace(), at.address(), copy.asSlice(done, piece), attributes()));
      }
    }
    return result;
  }

  @Override
  void abandoned() {
    // The number of bytes that are worth sending is unknown.
  }

  @Override
  void release() {
    bounce.giveBack(length());
  }
}
