package io.flatview.dispatch.dirty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Marks are exact, and no interleaving of a write and a copy loses one. */
class DirtyBitmapTest {

  private static BitSet take(DirtyBitmap bitmap, long first, long last) {
    BitSet pages = new BitSet();
    bitmap.take(first, last, pages);
    return pages;
  }

  @Test
  void marksOfEveryLengthAreTakenExactlyOnce() {
    for (int first = 0; first < 200; first += 7) {
      for (int last = first; last < 300; last += 13) {
        DirtyBitmap bitmap = new DirtyBitmap(1000);
        bitmap.mark(first, last);
        BitSet expected = new BitSet();
        expected.set(first, last + 1);
        assertEquals(expected, take(bitmap, 0, 999));
        assertTrue(take(bitmap, 0, 999).isEmpty());
      }
    }
  }

  @Test
  void farPagesCostNothingBetweenThem() {
    DirtyBitmap bitmap = new DirtyBitmap(1L << 51);
    bitmap.mark((1L << 51) - 1, (1L << 51) - 1);
    bitmap.mark(5, 5);
    assertEquals(BitSet.valueOf(new long[] {1}), take(bitmap, (1L << 51) - 1, (1L << 51) - 1));
    assertEquals(BitSet.valueOf(new long[] {1}), take(bitmap, 5, 1L << 20));
  }

  /** One page, its copy, and the marks between them. */
  private static final class Page {
    final DirtyBitmap bitmap = new DirtyBitmap(1);
    int content;
    int copy;
    boolean taken;

    void store() {
      content = 1;
    }

    void mark() {
      bitmap.mark(0, 0);
    }

    void take() {
      taken = !DirtyBitmapTest.take(bitmap, 0, 0).isEmpty();
    }

    void copy() {
      copy = taken ? content : copy;
    }
  }

  /** Every order of the writer's and the taker's steps, each followed by one more snapshot and copy. */
  private static boolean losesAWrite(List<Consumer<Page>> writer, List<Consumer<Page>> taker) {
    boolean lost = false;
    for (int order = 0; order < 1 << writer.size() + taker.size(); order++) {
      if (Integer.bitCount(order) == writer.size()) {
        Page page = new Page();
        List<Consumer<Page>> writes = new ArrayList<>(writer);
        List<Consumer<Page>> takes = new ArrayList<>(taker);
        for (int step = 0; step < writer.size() + taker.size(); step++) {
          ((order >>> step & 1) != 0 ? writes : takes).removeFirst().accept(page);
        }
        page.take();
        page.copy();
        lost |= page.copy != page.content;
      }
    }
    return lost;
  }

  @Test
  void noInterleavingLosesAWriteThatIsMarkedAfterwards() {
    assertFalse(losesAWrite(List.of(Page::store, Page::mark), List.of(Page::take, Page::copy)));
  }

  /** The broken twin. */
  @Test
  void aMarkBeforeTheWriteIsCaught() {
    assertTrue(losesAWrite(List.of(Page::mark, Page::store), List.of(Page::take, Page::copy)));
  }
}
