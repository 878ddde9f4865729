package io.flatview.examples.vhost.memory;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.InvalidationSequence;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Translation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The front end's IOMMU, as far as the front end has sent its mappings. A missing mapping is requested; so entries may
 * be forgotten at any time, and are when there are too many.
 *
 * <p>Changed by one thread, read by any. The entries are an immutable array in ascending order, replaced as a whole.
 */
public final class Iotlb implements IommuTranslator {

  private static final int MOST_ENTRIES = 4096;
  private static final int PAGE_BITS = 12;

  private final InvalidationSequence changes = new InvalidationSequence();
  private final ThreadLocal<Miss> missed = new ThreadLocal<>();
  private volatile AddressSpace target;
  private volatile Entry[] entries = {};

  /** The mappings. */
  private record Entry(AddressRange range, long frontEnd, int permissions) {}

  /**
   * An access that found nothing.
   *
   * @param address the I/O virtual address, unsigned
   * @param access the kind of access
   */
  public record Miss(long address, Access access) {}

  /** Nothing is mapped. */
  public Iotlb() {}

  /**
   * Says where addresses lead.
   *
   * @param space the front end's addresses
   */
  public void leadTo(AddressSpace space) {
    target = space;
  }

  @Override
  public void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
    long number = changes.current();
    Entry found = find(entries, address);
    if (found == null) {
      entry.deny();
      return;
    }
    long mask = block(found, address);
    long frontEnd = found.frontEnd + (address - found.range.first());
    entry.grant(target, frontEnd & ~mask, mask, (found.permissions & 1) != 0, (found.permissions & 2) != 0);
    entry.reusableWhile(changes, number);
  }

  private static Entry find(Entry[] all, long address) {
    int low = 0;
    int high = all.length - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      AddressRange range = all[middle].range;
      if (range.contains(address)) {
        return all[middle];
      }
      if (Long.compareUnsigned(range.first(), address) < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  /** The largest aligned block around an address that lies in the entry, and as well aligned where it leads. */
  private static long block(Entry entry, long address) {
    long differing = entry.range.first() ^ entry.frontEnd;
    long mask = 0;
    long next = (1L << PAGE_BITS) - 1;
    while (next > 0 && (differing & next) == 0
        && entry.range.contains(address & ~next) && entry.range.contains(address | next)) {
      mask = next;
      next = next << 1 | 1;
    }
    return mask;
  }

  @Override
  public long pageSizeMask() {
    return -1L;
  }

  @Override
  public void refused(
      long address, Access access, int index, Translation.Fault fault, IommuTlbEntry entry, MapReader reader) {
    missed.set(new Miss(address, access));
  }

  @Override
  public void notifiersChanged(MemoryRegion.Iommu region, int index, Set<IommuEvent.Kind> kinds) {
    if (!kinds.isEmpty()) {
      throw new IllegalArgumentException(
          "the IOTLB forgets and asks again, and so reports no changes; notifiers belong on the front end's IOMMU");
    }
  }

  /**
   * The last access of the calling thread that found nothing, once.
   *
   * @return null if there was none since the last call
   */
  public Miss takeMiss() {
    Miss miss = missed.get();
    if (miss != null) {
      missed.remove();
    }
    return miss;
  }

  /**
   * Whether an access that missed is worth another try.
   *
   * @param miss the access
   * @return true if something lets it through now
   */
  public boolean isMapped(Miss miss) {
    Entry found = find(entries, miss.address());
    int needed = miss.access().writes() ? 2 : 1;
    return found != null && (found.permissions & needed) != 0;
  }

  /**
   * Maps a range, instead of what was mapped there.
   *
   * @param range I/O virtual addresses
   * @param frontEnd where the first leads
   * @param permissions 1 to read, 2 to write, 3 for both
   */
  public void update(AddressRange range, long frontEnd, int permissions) {
    List<Entry> next = without(range);
    if (next.size() >= MOST_ENTRIES) {
      next.clear();
    }
    next.add(new Entry(range, frontEnd, permissions));
    next.sort(Comparator.comparing(entry -> entry.range.first(), Long::compareUnsigned));
    publish(next);
  }

  /**
   * Forgets a range. Readers that are in a section may go on with what it mapped.
   *
   * @param range I/O virtual addresses; an entry that it touches goes whole
   */
  public void invalidate(AddressRange range) {
    publish(without(range));
  }

  private List<Entry> without(AddressRange range) {
    List<Entry> left = new ArrayList<>();
    for (Entry entry : entries) {
      if (!entry.range.overlaps(range)) {
        left.add(entry);
      }
    }
    return left;
  }

  private void publish(List<Entry> next) {
    entries = next.toArray(Entry[]::new);
    changes.advance();
    synchronized (this) {
      notifyAll();
    }
  }

  /**
   * Waits until an access that missed is worth another try.
   *
   * @param miss the access
   * @param millis for how long at most, at least 1
   * @throws InterruptedException if interrupted while waiting
   */
  public void awaitMapped(Miss miss, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    synchronized (this) {
      long left = millis;
      while (left > 0 && !isMapped(miss)) {
        wait(left);
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    }
  }
}
