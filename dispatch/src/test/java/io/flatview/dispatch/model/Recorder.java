package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;
import java.util.TreeMap;

/** Writes down what it hears, and keeps a mirror of the view from that alone. */
final class Recorder implements MemoryListener {

  final Call.Listener who;
  private final RealMap real;
  private final Trap trap;
  private final List<Call.Heard> timeline;
  private final TreeMap<Long, ModelSection> mirror = new TreeMap<>(Long::compareUnsigned);

  Recorder(Call.Listener who, RealMap real, Trap trap, List<Call.Heard> timeline) {
    this.who = who;
    this.real = real;
    this.trap = trap;
    this.timeline = timeline;
  }

  List<ModelSection> mirror() {
    return List.copyOf(mirror.values());
  }

  private void hear(Call call) {
    trap.hear(call);
    timeline.add(new Call.Heard(call, who, null, 0, 0));
  }

  private ModelSection hear(Call call, MemoryRegionSection section, int before, int after) {
    trap.hear(call);
    ModelSection heard = real.section(section);
    timeline.add(new Call.Heard(call, who, heard, before, after));
    return heard;
  }

  @Override
  public int priority() {
    return who.priority();
  }

  @Override
  public void plan(MapChange change) {
    hear(Call.PLAN);
  }

  @Override
  public void begin(MapChange change) {
    hear(Call.BEGIN);
  }

  @Override
  public void regionDel(MemoryRegionSection section) {
    ModelSection gone = hear(Call.DEL, section, 0, 0);
    assertEquals(mirror.remove(gone.first()), gone, "a section that goes away was there as it is");
  }

  @Override
  public void regionAdd(MemoryRegionSection section) {
    ModelSection added = hear(Call.ADD, section, 0, 0);
    assertNull(mirror.put(added.first(), added), "a section appears where none was");
  }

  @Override
  public boolean wantsNops() {
    return true;
  }

  @Override
  public void regionNop(MemoryRegionSection section) {
    ModelSection kept = hear(Call.NOP, section, 0, 0);
    ModelSection before = mirror.put(kept.first(), kept);
    assertTrue(before != null && before.isSameMapping(kept), "a section that stays was there: " + kept);
  }

  @Override
  public void logStart(MemoryRegionSection section, int before, int after) {
    hear(Call.LOG_START, section, before, after);
  }

  @Override
  public void logStop(MemoryRegionSection section, int before, int after) {
    hear(Call.LOG_STOP, section, before, after);
  }

  @Override
  public void commit(MapChange change) {
    hear(Call.COMMIT);
  }

  /** Nops before a failure have no inverse, so the masks may be those of the view that was given up. */
  @Override
  public void abort(MapChange change) {
    hear(Call.ABORT);
    List<ModelSection> before = real.sections(change.before());
    assertEquals(before.size(), mirror.size(), "what was told is taken back");
    for (ModelSection section : before) {
      ModelSection mirrored = mirror.put(section.first(), section);
      assertTrue(mirrored != null && mirrored.isSameMapping(section), "what was told is taken back: " + section);
    }
  }
}
