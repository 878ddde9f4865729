package io.flatview.dispatch.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes histories of windows that continue each other, so that sections join and part, below containers and whole
 * aliases that a view root passes through, stops at, and passes through again.
 */
final class Neighbours {

  private static final int ROOT = 0;
  private static final int BOARD = 1;
  private static final int MEMORY = 2;
  private static final int WHOLE = 3;
  private static final int OVERLAY = 4;
  private static final int OVERLAYS = 3;
  private static final int WINDOW = OVERLAY + OVERLAYS;
  private static final int WINDOWS = 6;
  private static final int PAGES = 16;

  private final Random random;
  private final List<Op> history = new ArrayList<>();

  private Neighbours(Random random) {
    this.random = random;
  }

  static List<Op> history(long seed) {
    return new Neighbours(new Random(seed)).make();
  }

  private List<Op> make() {
    history.add(Op.Make.of(ROOT, Kind.CONTAINER, pages(PAGES)));
    history.add(Op.Make.of(BOARD, Kind.CONTAINER, pages(PAGES)));
    history.add(Op.Make.of(MEMORY, Kind.RAM, pages(PAGES)));
    BigInteger whole = random.nextBoolean() ? pages(PAGES) : ModelRegion.SPACE;
    history.add(new Op.Make(WHOLE, Kind.ALIAS, whole, BOARD, pages(0)));
    for (int i = 0; i < OVERLAYS; i++) {
      Kind kind = random.nextBoolean() ? Kind.CONTAINER : Kind.MMIO;
      history.add(Op.Make.of(OVERLAY + i, kind, pages(1 + random.nextInt(PAGES))));
    }
    for (int i = 0; i < WINDOWS; i++) {
      history.add(new Op.Make(WINDOW + i, Kind.ALIAS, pages(1 + random.nextInt(3)), MEMORY, pages(2 * i)));
      history.add(new Op.Add(BOARD, pages(2 * i), WINDOW + i, 0));
    }
    history.add(new Op.Add(ROOT, pages(0), BOARD, 0));
    history.add(new Op.OpenSpace(0, ROOT));
    history.add(new Op.OpenSpace(1, WHOLE));
    for (int steps = 15 + random.nextInt(15); steps > 0; steps--) {
      step();
    }
    return history;
  }

  private static BigInteger pages(int count) {
    return BigInteger.valueOf(count).shiftLeft(12);
  }

  private void step() {
    int overlay = OVERLAY + random.nextInt(OVERLAYS);
    switch (random.nextInt(10)) {
      case 0, 1 -> place(overlay);
      case 2 -> history.add(new Op.Del(overlay));
      case 3 -> history.add(new Op.SetFlag(overlay, Op.Flag.ENABLED, random.nextInt(2)));
      case 4, 5 -> setFlag(random.nextInt(WINDOW + WINDOWS));
      case 6 -> history.add(new Op.SetFlag(random.nextInt(WINDOW), Op.Flag.ENABLED, random.nextInt(4) == 0 ? 0 : 1));
      case 7 -> history.add(random.nextInt(3) == 0 ? new Op.Plan() : new Op.Begin());
      case 8 -> history.add(new Op.Commit(Op.Commit.NO_TRAP));
      default -> moveWindow(WINDOW + random.nextInt(WINDOWS));
    }
  }

  private void place(int overlay) {
    int parent = random.nextInt(3) == 0 ? BOARD : ROOT;
    history.add(new Op.Add(parent, pages(0), overlay, random.nextInt(-1, 2)));
  }

  private void setFlag(int region) {
    Op.Flag[] flags = {
      Op.Flag.READ_ONLY, Op.Flag.NON_VOLATILE, Op.Flag.UNMERGEABLE, Op.Flag.NO_FETCH, Op.Flag.DIRTY_LOG_MASK
    };
    history.add(new Op.SetFlag(region, flags[random.nextInt(flags.length)], random.nextInt(2)));
  }

  /** Mostly to where its content continues that of its neighbours. */
  private void moveWindow(int window) {
    BigInteger place = pages(random.nextInt(PAGES));
    history.add(new Op.Move(window, place));
    if (random.nextInt(4) != 0) {
      history.add(new Op.Slide(window, place));
    }
  }
}
