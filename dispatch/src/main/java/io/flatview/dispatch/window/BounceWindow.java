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

    boolean isAt(Translation translation, long distance) {
      return translation.section().region() == region && translation.offset() == offset + distance;
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

  /**
   * Goes where it was found that the device still answers, past the IOMMUs on the way there: they are not asked again,
   * since they may change their minds within the section.
   */
  @Override
  MemTxResult written(long count) {
    MapReader reader = readers.get();
    MemTxResult result = MemTxResult.OK;
    try (ReadSection _ = reader.enter()) {
      for (long piece, done = 0; done < count; done += piece) {
        Translation at = place().translate(reader, done, count - done);
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
    // Nobody knows what is worth sending.
  }

  @Override
  void release() {
    bounce.giveBack(length());
  }
}
