package io.flatview.dispatch.access;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.Translation;
import java.lang.foreign.MemorySegment;

/** The one translation of a reader. Confined to the reader's thread, like all of its state. */
final class ReaderTranslation implements Translation {

  PhysSection section;
  boolean assigned;
  DispatchedSpace space;
  long address;
  long length;
  Access access;
  Fault fault;

  @Override
  public MemoryRegionSection section() {
    return section.section;
  }

  @Override
  public boolean isAssigned() {
    return assigned;
  }

  @Override
  public AddressSpace addressSpace() {
    return space;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public long offset() {
    return address + section.toOffset;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public MemorySegment memory() {
    RamBlock block = access == Access.READ ? section.readable : unlogged();
    return block == null ? null : block.segment();
  }

  private RamBlock unlogged() {
    return section.section.attributes().dirtyLogMask() == 0 ? section.writable : null;
  }

  @Override
  public Fault fault() {
    return fault;
  }
}
