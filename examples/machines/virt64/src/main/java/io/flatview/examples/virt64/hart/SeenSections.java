package io.flatview.examples.virt64.hart;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Translation;
import io.flatview.rcu.ThreadConfined;
import java.lang.foreign.MemorySegment;

/**
 * The sections of memory in which a hart's translations end. Most commits change none of them: so on a new generation
 * each section is looked up once, and if all are where they were, every translation holds on. Confined to the hart's
 * thread.
 *
 * <p>A section that the new generation answers with the same memory at the same offset, and without a break, was given
 * by that generation, and so may be used in its sections as {@link Translation#memory()} allows.
 */
@ThreadConfined
class SeenSections {

  private static final int LIMIT = 4;

  /** One of them, as it was when it was taken in. */
  record Seen(
      MemoryRegion region, AddressRange range, MemorySegment memory, long offset, boolean readOnly) {}

  private final AddressSpace space;
  private final Seen[] sections = new Seen[LIMIT];
  private int count;
  private boolean takesStores = true;

  SeenSections(AddressSpace space) {
    this.space = space;
  }

  /** Whether stores may touch all writable memory here at once; not if writes to some of it are logged. */
  boolean takesStores() {
    return takesStores;
  }

  boolean holds(long address) {
    for (int i = 0; i < count; i++) {
      if (sections[i].range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  boolean isFull() {
    return count == LIMIT;
  }

  void clear() {
    count = 0;
    takesStores = true;
  }

  /** Takes in the section at an address, if it is memory. There must be room for it. */
  void add(MapReader reader, long address) {
    Translation found = reader.translate(space, address, 1, Access.READ);
    MemorySegment memory = found.memory();
    if (memory != null) {
      AddressRange range = found.section().range();
      Seen seen = new Seen(
          found.section().region(),
          range,
          memory,
          found.offset() - (address - range.first()),
          found.section().attributes().readOnly());
      sections[count++] = seen;
      takesStores &= isRefused(seen) || reader.translate(space, range.first(), 1, Access.WRITE).memory() != null;
    }
  }

  /** Whether stores are no matter of this memory. */
  private static boolean isRefused(Seen seen) {
    return seen.readOnly || !(seen.region instanceof MemoryRegion.Ram);
  }

  /** Looks at all sections again. If one is not as it was, all are forgotten. */
  boolean haveChanged(MapReader reader) {
    boolean stores = true;
    for (int i = 0; i < count; i++) {
      Seen seen = sections[i];
      if (!isThere(seen, reader.translate(space, seen.range.first(), size(seen), Access.READ))) {
        clear();
        return true;
      }
      stores &= isRefused(seen) || takesStores(seen, reader);
    }
    takesStores = stores;
    return false;
  }

  private boolean takesStores(Seen seen, MapReader reader) {
    return reader.translate(space, seen.range.first(), size(seen), Access.WRITE).memory() == seen.memory;
  }

  private static long size(Seen seen) {
    return seen.range.last() - seen.range.first() + 1;
  }

  private boolean isThere(Seen seen, Translation found) {
    return found.memory() == seen.memory
        && isAtItsOffset(seen, found)
        && isUnbroken(seen, found)
        && found.section().region() == seen.region
        && found.section().attributes().readOnly() == seen.readOnly;
  }

  boolean isAtItsOffset(Seen seen, Translation found) {
    return found.offset() == seen.offset;
  }

  boolean isUnbroken(Seen seen, Translation found) {
    return found.length() == size(seen);
  }
}
