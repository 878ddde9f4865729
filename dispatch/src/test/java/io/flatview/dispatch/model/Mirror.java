package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegionSection;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/** Keeps a view from what changes in it alone. */
final class Mirror implements MemoryListener {

  private final Trap trap;
  private final TreeMap<Long, MemoryRegionSection> sections = new TreeMap<>(Long::compareUnsigned);

  /** Fails as the trap says. */
  Mirror(Trap trap) {
    this.trap = trap;
  }

  void verify(List<MemoryRegionSection> view) {
    assertEquals(view.size(), sections.size(), "sections in the mirror");
    Iterator<MemoryRegionSection> mirrored = sections.values().iterator();
    for (MemoryRegionSection section : view) {
      assertTrue(section.sameMapping(mirrored.next()), () -> "the mirror lacks " + section);
    }
  }

  @Override
  public void plan(MapChange change) {
    trap.hear(Call.PLAN);
  }

  @Override
  public void regionDel(MemoryRegionSection section) {
    trap.hear(Call.DEL);
    MemoryRegionSection gone = sections.remove(section.range().first());
    assertTrue(gone != null && gone.sameMapping(section), () -> "was there before it went away: " + section);
  }

  @Override
  public void regionAdd(MemoryRegionSection section) {
    trap.hear(Call.ADD);
    assertEquals(null, sections.put(section.range().first(), section), "appears where nothing was");
  }
}
