package io.flatview.dispatch.inspect;

import io.flatview.dispatch.pagetable.PageTableVisitor;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import java.util.Optional;

/** Prints a page table as {@code info mtree -d} does. */
final class DispatchText implements PageTableVisitor {

  private final Optional<MemoryRegion> viewRoot;
  private final StringBuilder out = new StringBuilder("  Dispatch\n    Physical sections\n");

  DispatchText(Optional<MemoryRegion> viewRoot) {
    this.viewRoot = viewRoot;
  }

  @Override
  public void section(int number, AddressRange range, MemoryRegion region) {
    out.append("      #").append(number).append(" @").append(AddressRange.hex(range.first())).append("..")
        .append(AddressRange.hex(range.last())).append(' ').append(region == null ? "(noname)" : Lines.name(region))
        .append(number == 0 ? " [unassigned]" : "")
        .append(region != null && region == viewRoot.orElse(null) ? " [ROOT]" : "")
        .append(region instanceof MemoryRegion.Iommu ? " [iommu]" : "").append('\n');
  }

  @Override
  public void root(int bits, int levels, int ptr, int skip) {
    out.append("    Nodes (").append(bits).append(" bits per level, ").append(levels).append(" levels) ptr=[")
        .append(ptr).append("] skip=").append(skip).append('\n');
  }

  @Override
  public void node(int number) {
    out.append("      [").append(number).append("]\n");
  }

  @Override
  public void entries(int first, int last, int ptr, int skip) {
    String run = first == last ? "%3d     " : "%3d..%-3d";
    out.append('\t').append(run.formatted(first, last)).append("  skip=").append(skip).append("  ptr=")
        .append(pointer(ptr, skip)).append('\n');
  }

  private static String pointer(int ptr, int skip) {
    if (ptr == NIL) {
      return "NIL";
    }
    return skip == 0 ? "#" + ptr : "[" + ptr + "]";
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
