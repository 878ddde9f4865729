package io.flatview.examples.cli.demo.churn;

/**
 * An occupant in its place.
 *
 * @param occupant the occupant that is plugged
 * @param cell the cell of the window at which it starts
 * @param cells the extent of the tenant in cells
 * @param priority among the tenants of the window
 * @param enabled whether it shows
 * @param slide which of the occupant's cells stands at its start
 */
record Tenant(Occupant occupant, int cell, int cells, int priority, boolean enabled, int slide) {

  /** Whether it answers, or would if no other tenant hid it. */
  boolean covers(int windowCell) {
    int inside = windowCell - cell;
    return enabled && inside >= 0 && inside < cells && slide + inside < occupant.reach();
  }

  long word(int windowCell) {
    return occupant.word(slide + windowCell - cell);
  }

  Tenant movedTo(int newCell) {
    return new Tenant(occupant, newCell, cells, priority, enabled, slide);
  }

  Tenant resizedTo(int newCells) {
    return new Tenant(occupant, cell, newCells, priority, enabled, slide);
  }

  Tenant raisedTo(int newPriority) {
    return new Tenant(occupant, cell, cells, newPriority, enabled, slide);
  }

  Tenant shown(boolean show) {
    return new Tenant(occupant, cell, cells, priority, show, slide);
  }

  Tenant slidTo(int newSlide) {
    return new Tenant(occupant, cell, cells, priority, enabled, newSlide);
  }
}
