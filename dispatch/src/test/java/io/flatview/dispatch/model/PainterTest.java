package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The painter that asks is itself held to one that paints bytes. */
class PainterTest {

  private static final int ADDRESSES = 4096;

  private int compared;

  @Test
  void askingFromTheFrontAgreesWithPaintingFromTheBackByteByByte() {
    Seeds.usually(200).forEach(seed -> compareAfterEachStep(Histories.small(seed), seed));
    assertTrue(compared > 0 || Seeds.isReplay());
  }

  private void compareAfterEachStep(List<Op> history, long seed) {
    ModelMap map = new ModelMap();
    int step = 0;
    for (Op op : history) {
      if ((op instanceof Op.Make || op instanceof Op.Change) && map.makesSense(op) && map.refusal(op) == null) {
        map.apply(op);
        if (++step % 8 == 0) {
          compare(map, "seed " + seed + ", step " + step);
        }
      }
    }
  }

  private void compare(ModelMap map, String when) {
    int root = map.regions.firstKey();
    BytePainter bytes = new BytePainter(map, root, ADDRESSES);
    Painter painter = new Painter(map, new Rules());
    try {
      List<ModelSection> sections = painter.paint(root);
      if (bytes.complete()) {
        compared++;
        compare(bytes, painter, root, sections, when);
      }
    } catch (UnboundedException e) {
      // Above the lowest addresses; nothing to compare.
    }
  }

  private static void compare(
      BytePainter bytes, Painter painter, int root, List<ModelSection> sections, String when) {
    for (int address = 0; address < ADDRESSES; address++) {
      int expected = bytes.regionAt(address);
      ModelSection section = ModelSection.at(sections, address);
      assertEquals(expected, section == null ? ModelRegion.NONE : section.region(), when);
      if (section != null) {
        assertEquals(bytes.offsetAt(address), section.offsetOf(address), when);
      }
      if (address % 16 == 0) {
        Answer answer = painter.ask(root, BigInteger.valueOf(address));
        assertEquals(expected, answer == null ? ModelRegion.NONE : answer.region().id, when);
      }
    }
  }
}
