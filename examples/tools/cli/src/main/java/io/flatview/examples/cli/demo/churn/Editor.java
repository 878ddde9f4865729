package io.flatview.examples.cli.demo.churn;

import io.flatview.examples.cli.demo.place.Windows;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes random changes to the map and to the model alike. Used by the writer's thread. */
final class Editor {

  private static final int FEW = 2;
  private static final int MANY = 5;
  private static final int PRIORITIES = 3;
  private static final Edit[] EDITS = Edit.values();

  private final Windows windows;
  private final Supply supply;
  private final SplittableRandom random;
  private final Map<Edit, Long> counts = new EnumMap<>(Edit.class);

  Editor(Windows windows, Supply supply, SplittableRandom random) {
    this.windows = windows;
    this.supply = supply;
    this.random = random;
  }

  Map<Edit, Long> counts() {
    return Map.copyOf(counts);
  }

  /** Makes one to four changes, each in some window. */
  void edit(Transaction changes, Draft draft) {
    for (int left = random.nextInt(1, 5); left > 0; left--) {
      int window = random.nextInt(Windows.COUNT);
      apply(choose(draft.tenants(window).size()), changes, draft, window);
    }
  }

  private Edit choose(int tenants) {
    if (tenants <= random.nextInt(FEW + 1)) {
      return Edit.PLUG;
    }
    return tenants > MANY ? Edit.UNPLUG : EDITS[random.nextInt(EDITS.length)];
  }

  private void apply(Edit edit, Transaction changes, Draft draft, int window) {
    counts.merge(edit, 1L, Long::sum);
    switch (edit) {
      case PLUG -> plug(changes, draft, window, supply.make(cell(), cells(), priority()));
      case UNPLUG -> unplug(changes, draft, window, any(draft, window));
      case MOVE -> move(changes, draft, window, any(draft, window));
      case RESIZE -> resize(changes, draft, window, any(draft, window));
      case TOGGLE -> toggle(changes, draft, window, any(draft, window));
      case SLIDE -> slide(changes, draft, window, any(draft, window));
      case RAISE -> raise(changes, draft, window, any(draft, window));
      case DOOR -> turnDoor(changes, draft, window);
    }
  }

  private Tenant any(Draft draft, int window) {
    List<Tenant> tenants = draft.tenants(window);
    return tenants.get(random.nextInt(tenants.size()));
  }

  private int cell() {
    return random.nextInt(Windows.CELLS);
  }

  private int cells() {
    return random.nextInt(1, Windows.CELLS + 1);
  }

  private int priority() {
    return random.nextInt(PRIORITIES);
  }

  /** Plugs something that covers a whole window, so that the main view is sure to change. */
  void cover(Transaction changes, Draft draft) {
    plug(changes, draft, random.nextInt(Windows.COUNT), supply.cover());
  }

  /** Unplugs everything. */
  void clear(Transaction changes, Draft draft) {
    for (int window = 0; window < Windows.COUNT; window++) {
      for (Tenant tenant : draft.tenants(window)) {
        unplug(changes, draft, window, tenant);
      }
    }
  }

  private void plug(Transaction changes, Draft draft, int window, Tenant tenant) {
    supply.fromBench(changes, tenant.occupant());
    place(changes, window, tenant);
    draft.plug(window, tenant);
  }

  private void place(Transaction changes, int window, Tenant tenant) {
    changes.addSubregion(windows.container(window), bytes(tenant.cell()), region(tenant), tenant.priority());
  }

  private void unplug(Transaction changes, Draft draft, int window, Tenant tenant) {
    changes.delSubregion(region(tenant));
    supply.toBench(changes, tenant.occupant());
    draft.unplug(window, tenant);
  }

  private void move(Transaction changes, Draft draft, int window, Tenant tenant) {
    Tenant moved = tenant.movedTo(cell());
    changes.setAddress(region(tenant), bytes(moved.cell()));
    draft.replaceAsLatest(window, tenant, moved);
  }

  private void resize(Transaction changes, Draft draft, int window, Tenant tenant) {
    if (tenant.occupant().isResizable()) {
      Tenant resized = tenant.resizedTo(cells());
      changes.setSize(region(tenant), Size.bytes(bytes(resized.cells())));
      draft.replace(window, tenant, resized);
    }
  }

  private void toggle(Transaction changes, Draft draft, int window, Tenant tenant) {
    changes.setEnabled(region(tenant), !tenant.enabled());
    draft.replace(window, tenant, tenant.shown(!tenant.enabled()));
  }

  private void slide(Transaction changes, Draft draft, int window, Tenant tenant) {
    if (tenant.occupant() instanceof Occupant.Mirror mirror) {
      Tenant slid = tenant.slidTo(random.nextInt(mirror.reach()));
      changes.setAliasOffset(mirror.region(), bytes(slid.slide()));
      draft.replace(window, tenant, slid);
    }
  }

  private void raise(Transaction changes, Draft draft, int window, Tenant tenant) {
    Tenant raised = tenant.raisedTo(priority());
    changes.delSubregion(region(tenant));
    place(changes, window, raised);
    draft.replaceAsLatest(window, tenant, raised);
  }

  private void turnDoor(Transaction changes, Draft draft, int window) {
    changes.setEnabled(windows.door(window), draft.layout().isShut(window));
    draft.turnDoor(window);
  }

  private static MemoryRegion region(Tenant tenant) {
    return tenant.occupant().region();
  }

  private static long bytes(int cells) {
    return cells * Windows.CELL_BYTES;
  }
}
