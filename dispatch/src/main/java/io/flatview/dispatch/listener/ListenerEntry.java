package io.flatview.dispatch.listener;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegionSection;
import java.util.List;

/**
 * A registered listener.
 *
 * @param listener the user's listener
 * @param range the addresses it was registered for; {@link AddressRange#ALL} for a whole address space
 * @param priority the priority, as it was at registration
 * @param nops whether it wants to be called for unchanged sections, as it was at registration
 * @param doorbells whether it wants doorbells and coalesced ranges, as it was at registration
 * @param selections whether it wants to be called for selections of banks, as it was at registration
 * @param sequence the order of registration in the memory system
 */
public record ListenerEntry(
    MemoryListener listener, AddressRange range, int priority, boolean nops, boolean doorbells, boolean selections,
    long sequence) implements Comparable<ListenerEntry> {

  /**
   * Registers a listener.
   *
   * @param listener the user's listener; its properties are read now
   * @param range the addresses for whose changes it is called
   * @param sequence a number larger than those before
   * @return a new entry
   */
  public static ListenerEntry of(MemoryListener listener, AddressRange range, long sequence) {
    return new ListenerEntry(listener, range, listener.priority(), listener.wantsNops(), listener.wantsDoorbells(),
        listener.wantsSelections(), sequence);
  }

  /**
   * Whether this is the entry of a given listener for a given range; a listener may have entries for several ranges.
   *
   * @param other the listener to compare with
   * @param part the range to compare with
   * @return true if listener and range are those of this entry
   */
  public boolean isFor(MemoryListener other, AddressRange part) {
    return listener == other && range.equals(part);
  }

  /** Narrows a change to the sections that overlap this listener's range. */
  MapChange narrowed(MapChange change) {
    return range.equals(AddressRange.ALL) ? change : new MapChange(change.addressSpace(), change.generation(),
        change.before(), change.after(), touching(change.removed()), touching(change.added()));
  }

  private List<MemoryRegionSection> touching(List<MemoryRegionSection> sections) {
    return sections.stream().filter(section -> section.range().overlaps(range)).toList();
  }

  /** The order of ascending passes; descending passes go the other way. */
  @Override
  public int compareTo(ListenerEntry other) {
    return priority != other.priority ? Integer.compare(priority, other.priority)
        : Long.compare(sequence, other.sequence);
  }

  @Override
  public String toString() {
    return range.equals(AddressRange.ALL) ? listener.toString() : listener + " on " + range;
  }
}
