package io.flatview.examples.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.examples.cli.flat.SpaceView;
import io.flatview.examples.cli.flat.ViewRange;
import io.flatview.memory.AddressRange;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ViewComparisonTest {

  private static ViewRange range(long first, long last) {
    return new ViewRange(new AddressRange(first, last), "ram", "ram", 0, OptionalInt.of(0));
  }

  private static SpaceView view(String space, ViewRange... ranges) {
    return new SpaceView(space, Optional.of("root"), List.of(ranges));
  }

  private static List<String> compare(List<SpaceView> expected, List<SpaceView> actual) {
    return ViewComparison.compare(expected, actual, true);
  }

  @Test
  void spacesOfOneNameAreComparedInAnyOrder() {
    SpaceView one = view("dma", range(0, 1));
    SpaceView two = view("dma", range(2, 3));
    assertEquals(List.of(), compare(List.of(one, two, two), List.of(two, one, two)));
  }

  @Test
  void equalViewsCount() {
    SpaceView one = view("dma", range(0, 1));
    SpaceView two = view("dma", range(2, 3));
    assertEquals(2, compare(List.of(one, one, two), List.of(one, two, two)).size());
  }

  @Test
  void aSpaceThatOnlyOneSideHasIsAMismatch() {
    SpaceView one = view("dma", range(0, 1));
    assertEquals(
        List.of("address space 'dma': QEMU has 1 of this name | here 0"), compare(List.of(one), List.of()));
    assertEquals(
        List.of("address space 'dma': QEMU has 0 of this name | here 1"), compare(List.of(), List.of(one)));
  }

  @Test
  void aMissingRangeAndAnAddedOneStandAlone() {
    assertEquals(
        List.of(
            "address space 'm': QEMU 0000000000000000-0000000000000001 (prio 0, ram): ram | here nothing",
            "address space 'm': QEMU nothing | here 0000000000000004-0000000000000005 (prio 0, ram): ram"),
        compare(List.of(view("m", range(0, 1), range(2, 3))), List.of(view("m", range(2, 3), range(4, 5)))));
  }

  @Test
  void overlappingRangesStandTogether() {
    assertEquals(
        List.of("address space 'm': QEMU 0000000000000000-0000000000000007 (prio 0, ram): ram"
            + " | here 0000000000000000-0000000000000005 (prio 0, ram): ram"),
        compare(List.of(view("m", range(0, 7))), List.of(view("m", range(0, 5)))));
  }

  @Test
  void aPriorityThatOneSideDoesNotKnowIsNotCompared() {
    ViewRange unknown = new ViewRange(new AddressRange(0, 1), "ram", "ram", 0, OptionalInt.empty());
    ViewRange other = new ViewRange(new AddressRange(0, 1), "ram", "ram", 0, OptionalInt.of(7));
    assertEquals(List.of(), compare(List.of(view("m", other)), List.of(view("m", unknown))));
    assertEquals(1, compare(List.of(view("m", other)), List.of(view("m", range(0, 1)))).size());
  }
}
