package io.flatview.memory;

import java.util.List;
import java.util.Optional;

/**
 * Why an address decodes as it does: every region that contains the address, in the order in which the renderer
 * considers them.
 *
 * @param addressSpace the address space in which the address was given
 * @param address the address asked for, unsigned
 * @param candidates the regions that were considered, in that order
 * @param answer the section that holds the address, or empty if nothing answers
 */
public record Explanation(
    AddressSpace addressSpace, long address, List<Candidate> candidates, Optional<MemoryRegionSection> answer) {

  /**
   * Copies the list.
   *
   * @throws NullPointerException if anything is null
   */
  public Explanation {
    candidates = List.copyOf(candidates);
  }

  /**
   * A region that holds the address.
   *
   * @param region the region
   * @param path the regions from the root to this one, the root first, this one last
   * @param offset the offset of the address in the region, unsigned
   * @param verdict whether it answers, and if not, the reason
   */
  public record Candidate(MemoryRegion region, List<MemoryRegion> path, long offset, Verdict verdict) {

    /**
     * Copies the list.
     *
     * @throws NullPointerException if anything is null
     */
    public Candidate {
      path = List.copyOf(path);
    }

    /**
     * How deep below the root the region was reached.
     *
     * @return 0 for the root
     */
    public int depth() {
      return path.size() - 1;
    }
  }

  /** Whether a candidate answers, and if not, the reason. */
  public enum Verdict {
    /** The region answers. */
    ANSWERS,
    /** The region would answer, but an earlier candidate does. */
    HIDDEN,
    /** The region answers nothing itself: its children or its target do. */
    PASSES_ON,
    /** The region is disabled, and so is everything in it. */
    DISABLED,
    /** The region is a variant that its bank does not select. */
    NOT_SELECTED
  }
}
