package io.flatview.dispatch.topology;

import io.flatview.memory.Size;

/**
 * A region's place and properties at one moment. Immutable: a change stores a reference to another state, so no thread
 * sees half of it.
 *
 * @param size the size of the region
 * @param enabled whether the region takes part in the map
 * @param flags the flags that its sections get
 * @param parent the region that contains it, or null
 * @param address the offset in the parent, unsigned
 * @param priority the priority among siblings
 * @param placed a number that grows each time the region is placed or moved
 * @param closed whether the region was closed
 */
record RegionState(
    Size size, boolean enabled, RegionFlags flags, ParentNode parent, long address, int priority, long placed,
    boolean closed) {

  static RegionState initial(Size size, boolean readOnly) {
    return new RegionState(size, true, readOnly ? RegionFlags.READ_ONLY : RegionFlags.NONE, null, 0, 0, 0, false);
  }

  RegionState withSize(Size next) {
    return new RegionState(next, enabled, flags, parent, address, priority, placed, closed);
  }

  RegionState withEnabled(boolean next) {
    return new RegionState(size, next, flags, parent, address, priority, placed, closed);
  }

  RegionState withFlags(RegionFlags next) {
    return new RegionState(size, enabled, next, parent, address, priority, placed, closed);
  }

  RegionState in(ParentNode next, long nextAddress, int nextPriority, long nextPlaced) {
    return new RegionState(size, enabled, flags, next, nextAddress, nextPriority, nextPlaced, closed);
  }

  RegionState withoutParent() {
    return in(null, address, priority, placed);
  }

  RegionState at(long nextAddress, long nextPlaced) {
    return in(parent, nextAddress, priority, nextPlaced);
  }

  RegionState closedForGood() {
    return new RegionState(size, enabled, flags, parent, address, priority, placed, true);
  }

  /** The highest offset of the parent that the region covers; its own address if it has no size. */
  long lastInParent() {
    if (size.isEmpty()) {
      return address;
    }
    long last = address + size.last();
    return Long.compareUnsigned(last, address) < 0 ? -1 : last;
  }

  /** Whether the parent's index has equal entries for both states, apart from the set of enabled children. */
  boolean isIndexedAs(RegionState other) {
    return parent == other.parent && address == other.address && priority == other.priority && placed == other.placed
        && size.equals(other.size);
  }

  boolean isSameAs(RegionState other) {
    return isIndexedAs(other) && enabled == other.enabled && flags.isSameAs(other.flags) && closed == other.closed;
  }
}
