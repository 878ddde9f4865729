package io.flatview.memory;

/**
 * One thing that is wrong with a requested map.
 *
 * @param id the rule that is broken
 * @param message a text for people, which names both parties and the addresses
 */
public record MapFault(Id id, String message) {

  /** The rules. */
  public enum Id {
    /** The region has a parent already; use an alias to show it twice. */
    ALREADY_PLACED,
    /** The region would become its own ancestor by containment. */
    PLACED_IN_ITSELF,
    /** The region has no parent to be removed from. */
    NOT_PLACED,
    /** The region is in another parent than the one named. */
    WRONG_PARENT,
    /** The region was closed. */
    CLOSED,
    /** The region cannot be closed, or made sparse, while something shows it. */
    STILL_IN_USE,
    /** The region was made by another memory system. */
    FOREIGN,
    /** An alias leads back to itself and clipping does not end the recursion. */
    ALIAS_RECURSION,
    /** Aliases of aliases show more regions in a view than the limit allows. */
    VIEW_TOO_LARGE,
    /** The size of memory is fixed, or would exceed its maximum. */
    FIXED_SIZE,
    /** ROM, and RAM on a read-only backing, cannot be made writable. */
    ALWAYS_READ_ONLY,
    /** The device has a doorbell for the same stores, or lacks the one to remove. */
    DOORBELL,
    /** A dirty client is closed or of another memory system, or a mask names bits that no open client has. */
    DIRTY_CLIENT,
    /** A bank has no variant of this number, has one already, or was given a child without a number. */
    BANK_VARIANT,
    /** A range lies beyond the end of its region. */
    OUT_OF_REGION,
    /** The root of an address space would reach beyond its last address, or a range to watch would begin beyond it. */
    BEYOND_SPACE,
    /** A region that was placed as disjoint overlaps a sibling. */
    OVERLAP,
    /** Siblings of equal priority overlap. */
    EQUAL_PRIORITY_OVERLAP,
    /** An IOMMU cannot serve a notifier. */
    NOTIFIER_REFUSED,
    /** A listener refused the change, or a part of sparse memory. */
    VETO,
    /** A listener failed before publication. */
    LISTENER_FAILED
  }

  @Override
  public String toString() {
    return id + ": " + message;
  }
}
