package io.flatview.examples.cli.demo.read;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the region that answers at an address by walking down the region tree: a second opinion that shares nothing
 * with rendered views and page tables.
 */
final class TreeWalk {

  private static final int MAX_DEPTH = 100;

  private final Set<? extends MemoryRegion> forbidden;

  /**
   * A walker.
   *
   * @param forbidden regions whose content changes; no answer is given for addresses that lead through one
   */
  TreeWalk(Set<? extends MemoryRegion> forbidden) {
    this.forbidden = forbidden;
  }

  /**
   * Finds the region that answers at an address.
   *
   * @param space the address space of the address
   * @param address the address, unsigned
   * @return the answer, {@link Answer#NOBODY} in a hole, or empty if it changes or leads through an IOMMU
   */
  Optional<Answer> ask(AddressSpace space, long address) {
    Answer answer = visit(space.root(), address - space.root().address(), 0);
    return answer == Answer.CHANGING ? Optional.empty() : Optional.of(answer);
  }

  private Answer visit(MemoryRegion region, long offset, int depth) {
    if (!region.isEnabled() || !holds(region, offset) || depth > MAX_DEPTH) {
      return Answer.NOBODY;
    }
    if (forbidden.contains(region)) {
      return Answer.CHANGING;
    }
    return switch (region) {
      case MemoryRegion.Alias alias -> visit(alias.target(), offset + alias.targetOffset(), depth + 1);
      case MemoryRegion.Bank bank -> visitSelected(bank, bank.selected(), offset, depth);
      case MemoryRegion.Parent parent -> visitChildren(parent, offset, depth);
    };
  }

  private Answer visitSelected(MemoryRegion.Bank bank, int selected, long offset, int depth) {
    return selected == MemoryRegion.Bank.NONE
        ? Answer.NOBODY
        : bank.variant(selected).map(it -> visit(it, offset - it.address(), depth + 1)).orElse(Answer.NOBODY);
  }

  private Answer visitChildren(MemoryRegion.Parent parent, long offset, int depth) {
    for (MemoryRegion child : parent.children()) {
      Answer answer = visit(child, offset - child.address(), depth + 1);
      if (answer != Answer.NOBODY) {
        return answer;
      }
    }
    return switch (parent) {
      case MemoryRegion.Container _, MemoryRegion.Bank _ -> Answer.NOBODY;
      case MemoryRegion.Iommu _ -> Answer.CHANGING;
      case MemoryRegion.Memory _, MemoryRegion.Mmio _, MemoryRegion.Reserved _ -> new Answer(parent, offset);
    };
  }

  // An offset below the region's start has wrapped around to far above its end.
  private static boolean holds(MemoryRegion region, long offset) {
    return !region.size().isEmpty() && Long.compareUnsigned(offset, region.size().last()) <= 0;
  }

  /**
   * The answer at an address.
   *
   * @param region the region that answers, or null in a hole
   * @param offset the offset in the region, in bytes
   */
  record Answer(MemoryRegion region, long offset) {
    static final Answer NOBODY = new Answer(null, 0);
    static final Answer CHANGING = new Answer(null, -1);
  }
}
