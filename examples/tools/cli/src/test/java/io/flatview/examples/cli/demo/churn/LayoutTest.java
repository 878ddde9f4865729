package io.flatview.examples.cli.demo.churn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.examples.cli.demo.oracle.Frame;
import io.flatview.examples.cli.demo.oracle.Stamp;
import io.flatview.examples.cli.demo.place.Windows;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutTest {

  private static final int LIBRARY_CELLS = 8;

  private static Tenant device(long serial, int cell, int cells, int priority) {
    Occupant occupant = new Occupant.Device(null, new StampDevice(serial, null));
    return new Tenant(occupant, cell, cells, priority, true, 0);
  }

  private static Tenant mirror(long serial, int cell, int cells, int slide) {
    RamBlock library = new RamBlock(null, LIBRARY_CELLS, 0);
    return new Tenant(new Occupant.Mirror(null, library, serial), cell, cells, 0, true, slide);
  }

  private static long shown(int cell, Tenant... tenants) {
    return Layout.paint(List.of(tenants))[cell];
  }

  @Test
  void aCellWithoutTenantShowsNothing() {
    assertEquals(Stamp.NOTHING, shown(0));
    assertEquals(Stamp.NOTHING, shown(5, device(1, 2, 3, 0)));
  }

  @Test
  void aTenantShowsItsOwnCells() {
    assertEquals(Stamp.of(1, 0), shown(2, device(1, 2, 3, 0)));
    assertEquals(Stamp.of(1, 2), shown(4, device(1, 2, 3, 0)));
  }

  @Test
  void theHigherPriorityWinsWhateverTheOrder() {
    assertEquals(Stamp.of(1, 0), shown(0, device(1, 0, 1, 1), device(3, 0, 1, 0)));
    assertEquals(Stamp.of(1, 0), shown(0, device(3, 0, 1, 0), device(1, 0, 1, 1)));
  }

  @Test
  void ofEqualPrioritiesTheLatestWins() {
    assertEquals(Stamp.of(3, 0), shown(0, device(1, 0, 1, 0), device(3, 0, 1, 0)));
  }

  @Test
  void aDisabledTenantShowsWhatLiesBelow() {
    assertEquals(Stamp.of(1, 0), shown(0, device(1, 0, 1, 0), device(3, 0, 1, 1).shown(false)));
  }

  @Test
  void aReservedPlaceHidesWhatLiesBelow() {
    Tenant blank = new Tenant(new Occupant.Blank(null), 0, 1, 1, true, 0);
    assertEquals(Stamp.NOTHING, shown(0, device(1, 0, 1, 0), blank));
  }

  @Test
  void aMirrorShowsItsTargetFromWhereItSlidTo() {
    assertEquals(Stamp.of(2, 5), shown(1, mirror(2, 0, 4, 4)));
  }

  @Test
  void aMirrorEndsWhereItsTargetEnds() {
    assertEquals(Stamp.of(2, LIBRARY_CELLS - 1), shown(1, mirror(2, 0, 4, LIBRARY_CELLS - 2)));
    assertEquals(Stamp.NOTHING, shown(2, mirror(2, 0, 4, LIBRARY_CELLS - 2)));
  }

  @Test
  void aTenantThatSticksOutOfItsWindowIsClipped() {
    assertEquals(Stamp.of(1, 0), shown(Windows.CELLS - 1, device(1, Windows.CELLS - 1, 9, 0)));
  }

  @Test
  void aShutDoorHidesAWindowInTheSecondAddressSpaceOnly() {
    Layout layout = Layout.EMPTY.withTenants(1, List.of(device(1, 0, 1, 0))).withDoorTurned(1);
    Frame frame = new Frame(1, layout.blocks());
    int view = Windows.COUNT * Windows.CELLS;
    assertEquals(Stamp.of(1, 0), frame.expected(Windows.CELLS));
    assertEquals(Stamp.NOTHING, frame.expected(view + Windows.CELLS));
    assertEquals(Stamp.of(1, 0), frame.expected(2 * view + Windows.CELLS));
  }
}
