package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Aliases that lead to an ancestor: legal as long as the window narrows, and refused where it does not. */
class AliasRecursionPropertyTest {

  private static final int ROOT = 0;
  private static final int SHIFT = 12;

  private int endless;
  private int bounded;

  @Test
  void aliasesToAncestorsAgreeOnWhatShowsAndOnWhatNeverEnds() {
    Seeds.check(Seeds.usually(300), this::mirrors, Replay::byTheBook);
    assertTrue(endless > 0 && bounded > 0 || Seeds.isReplay(), endless + " endless, " + bounded + " bounded");
  }

  /** A board of a few blocks, and one or two windows on the board itself, higher up or on top of what they show. */
  private List<Op> mirrors(long seed) {
    Random random = new Random(seed);
    List<Op> history = new ArrayList<>();
    history.add(Op.Make.of(ROOT, Kind.CONTAINER, random.nextBoolean() ? ModelRegion.SPACE : pages(32)));
    int id = 1;
    for (int blocks = 1 + random.nextInt(4); blocks > 0; blocks--) {
      history.add(Op.Make.of(id, random.nextBoolean() ? Kind.MMIO : Kind.RAM, pages(1 + random.nextInt(4))));
      history.add(new Op.Add(ROOT, pages(random.nextInt(8)), id++, random.nextInt(3)));
    }
    history.add(new Op.OpenSpace(0, ROOT));
    for (int windows = 1 + random.nextInt(2); windows > 0; windows--) {
      history.add(new Op.Make(id, Kind.ALIAS, pages(1 + random.nextInt(12)), ROOT, pages(random.nextInt(12))));
      history.add(new Op.Add(ROOT, pages(random.nextInt(24)), id++, random.nextInt(3)));
    }
    for (int changes = 4; changes > 0; changes--) {
      history.add(new Op.Move(1 + random.nextInt(id - 1), pages(random.nextInt(24))));
      history.add(new Op.Slide(id - 1, pages(random.nextInt(12))));
    }
    count(history);
    return history;
  }

  private static BigInteger pages(int count) {
    return BigInteger.valueOf(count).shiftLeft(SHIFT);
  }

  private void count(List<Op> history) {
    ModelMap map = new ModelMap();
    history.forEach(map::apply);
    try {
      new Painter(map, new Rules()).paint(ROOT);
      bounded++;
    } catch (UnboundedException e) {
      endless += e.certain ? 1 : 0;
    }
  }
}
