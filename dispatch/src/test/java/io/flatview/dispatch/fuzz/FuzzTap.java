package io.flatview.dispatch.fuzz;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TapRegistration;
import java.util.Random;

/** A tap, or a watch that stops all that it is asked about, on a space or a region. */
final class FuzzTap {

  /** Null for one on a region. */
  final AddressSpace space;

  /** Null for one on a space. */
  final FuzzPiece piece;

  /** Whether it is asked before. */
  final boolean stops;

  final TapFilter filter;
  TapRegistration registration;

  private FuzzTap(AddressSpace space, FuzzPiece piece, Random random, int size) {
    this.space = space;
    this.piece = piece;
    this.stops = random.nextInt(3) == 0;
    int one = random.nextInt(size);
    int other = Math.min(size - 1, one + random.nextInt(random.nextBoolean() ? 16 : 0x800));
    AddressRange range = new AddressRange(one, other);
    this.filter = switch (random.nextInt(4)) {
      case 0 -> TapFilter.loads(range);
      case 1 -> TapFilter.stores(range);
      case 2 -> TapFilter.fetches(range);
      default -> TapFilter.of(range);
    };
  }

  static FuzzTap on(AddressSpace space, Random random, int size) {
    return new FuzzTap(space, null, random, size);
  }

  static FuzzTap on(FuzzPiece piece, Random random) {
    return new FuzzTap(null, piece, random, piece.size);
  }

  /** Whether the byte at an address concerns it, which a piece of the map answers; null for a hole. */
  boolean concerns(AddressSpace in, FuzzPiece by, int at, Access access) {
    return filter.tells(access) && (space != null
        ? space == in && filter.range().contains(at)
        : piece == by && filter.range().contains(at - by.at));
  }
}
