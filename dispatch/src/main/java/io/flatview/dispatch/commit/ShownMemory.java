package io.flatview.dispatch.commit;

import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory that a commit begins and ceases to show. A block is counted once for each section of each view root that
 * is published and shows it, and stays counted until a grace period after the section was replaced. Guarded by the
 * map's lock.
 */
final class ShownMemory {

  /** The blocks of sections that appear, once for each; the first of them are counted. */
  private final List<RamBlock> appearing;

  /** The blocks of sections that go, once for each: released when no reader can see the present views. */
  private final List<RamBlock> gone;

  private int retained;

  private ShownMemory(List<RamBlock> appearing, List<RamBlock> gone) {
    this.appearing = appearing;
    this.gone = gone;
  }

  /** The blocks that a commit would shift; none is counted yet. */
  static ShownMemory shift(List<RootChange> changes) {
    List<RamBlock> appearing = List.of();
    List<RamBlock> gone = List.of();
    for (int i = 0; i < changes.size(); i++) {
      RootChange change = changes.get(i);
      if (change.ends()) {
        gone = change.isNew() ? gone : with(gone, change.before().sections());
      } else if (change.isNew()) {
        appearing = with(appearing, change.after().view().sections());
      } else {
        appearing = with(appearing, change.diff().added());
        gone = with(gone, change.diff().removed());
      }
    }
    return new ShownMemory(appearing, gone);
  }

  private static List<RamBlock> with(List<RamBlock> blocks, List<MemoryRegionSection> sections) {
    List<RamBlock> all = blocks;
    if (sections.isEmpty()) {
      return all;
    }
    for (MemoryRegionSection section : sections) {
      all = section.region() instanceof MemoryRegion.Bank
          ? with(all, section.possible().toList())
          : with(all, RegionNode.of(section.region()).ram());
    }
    return all;
  }

  private static List<RamBlock> with(List<RamBlock> blocks, RamBlock ram) {
    if (ram == null) {
      return blocks;
    }
    List<RamBlock> all = blocks.isEmpty() ? new ArrayList<>() : blocks;
    all.add(ram);
    return all;
  }

  List<RamBlock> gone() {
    return gone;
  }

  /** Counts the blocks that are about to show; before publication, since a block may be closed. */
  void retain() {
    while (retained < appearing.size()) {
      appearing.get(retained).retain();
      retained++;
    }
  }

  /** Takes the counts back. Allocates nothing of its own. */
  void letGo(Failures failures) {
    while (retained > 0) {
      release(appearing.get(--retained), failures);
    }
  }

  /** Releases blocks; a failure does not stop the rest. Allocates nothing of its own. */
  static void release(List<RamBlock> gone, Failures failures) {
    for (int i = 0; i < gone.size(); i++) {
      release(gone.get(i), failures);
    }
  }

  private static void release(RamBlock ram, Failures failures) {
    try {
      ram.release();
    } catch (Throwable thrown) {
      failures.accept(thrown);
    }
  }
}
