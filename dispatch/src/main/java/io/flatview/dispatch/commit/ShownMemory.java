package io.flatview.dispatch.commit;

import io.flatview.dispatch.few.Few;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;

/**
 * The memory blocks that appear in views with a commit, or disappear from them. Each section of each published view
 * root counts as one use of its block, until a grace period after the section was replaced. Guarded by the map's lock.
 */
final class ShownMemory {

  /** The blocks of sections that appear, once for each section; a number says how many of them have been counted. */
  private final List<RamBlock> appearing;

  /**
   * The blocks of sections that disappear, once for each section: released when no reader can see the present views.
   */
  private final List<RamBlock> gone;

  private int retained;

  private ShownMemory(List<RamBlock> appearing, List<RamBlock> gone) {
    this.appearing = appearing;
    this.gone = gone;
  }

  /** Collects the blocks for a commit; counts none yet. */
  static ShownMemory shift(List<RootChange> changes) {
    List<RamBlock> appearing = List.of();
    List<RamBlock> gone = List.of();
    for (int i = 0; i < changes.size(); i++) {
      RootChange change = changes.get(i);
      if (change.ends()) {
        gone = change.isNew() ? gone : with(gone, change.before().sections());
      } else if (change.isNew()) {
        appearing = with(appearing, change.after().sections());
      } else {
        appearing = with(appearing, change.diff().added());
        gone = with(gone, change.diff().removed());
      }
    }
    return new ShownMemory(appearing, gone);
  }

  private static List<RamBlock> with(List<RamBlock> blocks, List<MemoryRegionSection> sections) {
    if (sections.size() < 2) {
      return sections.isEmpty() ? blocks : with(blocks, sections.getFirst());
    }
    List<RamBlock> all = blocks;
    for (MemoryRegionSection section : sections) {
      all = with(all, section);
    }
    return all;
  }

  private static List<RamBlock> with(List<RamBlock> blocks, MemoryRegionSection section) {
    return section.region() instanceof MemoryRegion.Bank
        ? with(blocks, section.possible().toList())
        : with(blocks, RegionNode.of(section.region()).ram());
  }

  private static List<RamBlock> with(List<RamBlock> blocks, RamBlock ram) {
    return ram == null ? blocks : Few.with(blocks, ram);
  }

  List<RamBlock> gone() {
    return gone;
  }

  /** Counts the uses of the blocks that appear. Called before publication, since it throws if a block is closed. */
  void retain() {
    while (retained < appearing.size()) {
      appearing.get(retained).retain();
      retained++;
    }
  }

  /** Undoes the counting. Allocates nothing of its own. */
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
