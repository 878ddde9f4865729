package io.flatview.iommu;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.InvalidationSequence;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.RejectedRetireException;

/**
 * A cache of translations, for models of IOMMUs. Readers look translations up and fill them in; a thread that changes
 * the tables invalidates them.
 *
 * <p>A reader calls {@link #lookup}. On a miss it calls {@link #begin} and {@link #enter}, walks its tables, and passes
 * the result to {@link #fill}. A mapper changes the tables, invalidates, and waits for a grace period; from then on no
 * reader uses the old mapping. Only the growth of the cache, and its {@link #close}, allocate or take a lock.
 *
 * <h2>Why no reader keeps an old mapping</h2>
 *
 * <p>Every entry carries the sum of a few {@linkplain IotlbStamps counters}, one for each way in which it may be
 * invalidated. Counters only grow, so the sum is unchanged if and only if none of them moved. An entry whose sum
 * differs from the present one is a miss. Let M be the mapper, with
 *
 * <pre>
 *   M1  store to the table       M2  increment the counter (volatile)     M3  grace period
 * </pre>
 *
 * <p>and R a reader that misses, with
 *
 * <pre>
 *   R1  load the counter (acquire)     R2  load the table     R3  fill with the sum of R1     R4  leave its section
 * </pre>
 *
 * <ul>
 *   <li>If R1 reads the value that M2 stored, M1 happens before R2 (release of M2, acquire of R1): R walks the new
 *       table.
 *   <li>If R1 reads an older value, the entry that R3 leaves carries an old sum. R itself uses the old mapping until
 *       R4; if R entered before M3 began, M3 waits for R4.
 *   <li>A reader Q that enters after M3 began sees M2, as every section that a grace period does not wait for sees the
 *       stores before its start. So the old sum is a miss for Q, <em>whenever</em> R3 happens. Removing old entries at
 *       M2 would not be enough: R3 may come later, Q could hit its entry, and M3 does not wait for Q.
 * </ul>
 *
 * <p>A reader may reuse a granted answer without another lookup. One more counter guards that, the {@linkplain
 * InvalidationSequence sequence}: the mapper advances it after M2, and R takes its number before R1. If R's number is
 * the present one, R has seen M2, or M2 is still to come: so the argument above holds for the sequence as for any
 * counter. Were it advanced before M2, R could take the new number, find the old counter, and go on for ever.
 *
 * <p>The entry itself is read under a version number, see {@link IotlbTable}. A replaced table is retired through the
 * reclamation policy, since a reader may be filling it. In checked mode a reclaimed table is poisoned: a policy that
 * reclaims too early causes an exception.
 *
 * <p><b>Threading.</b> All methods may be called by any thread; {@link #lookup}, {@link #begin} and {@link #fill}
 * inside a section of the policy.
 */
public final class Iotlb implements AutoCloseable {

  private final ReclaimPolicy policy;
  private final AddressSpace target;
  private final int limit;
  private final IotlbStamps stamps = new IotlbStamps();
  private final RcuReference<IotlbTable> table;

  /**
   * An empty cache.
   *
   * @param policy the reclamation policy of the readers' sections; it decides when a replaced table is reclaimed
   * @param target the address space to which every translation leads
   * @param entries the largest number of entries, a power of two and at least 2; the cache starts with at most 1,024
   *     and grows
   * @throws IllegalArgumentException if {@code entries} is not such a number
   */
  public Iotlb(ReclaimPolicy policy, AddressSpace target, int entries) {
    if (Integer.bitCount(entries) != 1 || entries < 2) {
      throw new IllegalArgumentException("an IOTLB of " + entries + " entries; a power of two, at least 2, is needed");
    }
    this.policy = policy;
    this.target = target;
    this.limit = entries;
    this.table = new RcuReference<>(policy, new IotlbTable(Math.min(entries, IotlbTable.SMALL)));
  }

  /**
   * Looks for a translation.
   *
   * @param source the device that makes the access, by a number; 0 to 2<sup>24</sup>-1
   * @param index the number of one of the source's tables; 0 to 2<sup>24</sup>-1
   * @param address the address to translate, unsigned
   * @param access the kind of access
   * @param entry the entry in which a hit is granted, for its reader to reuse; a miss leaves it unchanged
   * @return true if the cache holds a valid translation that permits the access
   */
  public boolean lookup(int source, int index, long address, Access access, IommuTlbEntry entry) {
    long number = stamps.sequence.current();
    if (!table.dereference().lookup(stamps, IotlbTable.key(source, index), address, access, target, entry)) {
      return false;
    }
    entry.reusableWhile(stamps.sequence, number);
    return true;
  }

  /**
   * Begins a miss. To be called before the first table of the translation is read.
   *
   * @param miss the miss to set up
   * @param source the device that makes the access, as in {@link #lookup}
   * @param index the number of one of the source's tables, as in {@link #lookup}
   * @param address the address to translate, unsigned
   */
  public void begin(Miss miss, int source, int index, long address) {
    miss.number = stamps.sequence.current();
    miss.table = table.dereference();
    miss.key = IotlbTable.key(source, index);
    miss.source = source;
    miss.address = address;
    miss.sum = stamps.ofSource(source);
  }

  /**
   * Enters the domain of the translation. To be called before the first of the domain's tables is read.
   *
   * @param miss a miss that has begun
   * @param domain the number of the domain, any {@code int}; domains share 256 counters by their hash
   */
  public void enter(Miss miss, int domain) {
    miss.domain = IotlbStamps.domain(domain);
    miss.sum += stamps.ofDomain(miss.domain);
    miss.page = stamps.ofPage(miss.address);
    miss.chunk = stamps.ofChunk(miss.address);
    miss.any = stamps.ofAny();
  }

  /**
   * Fills a translation in. The cache may drop it at any time, or not keep it at all.
   *
   * @param miss a miss that has begun, and has entered its domain
   * @param translatedAddress the address to which {@code miss}'s address leads, unsigned
   * @param addrMask the size in bytes of the block around it, less 1; at most 2 MiB are kept, and nothing below 4 KiB
   * @param readable whether reads are granted, and fetches
   * @param writable whether writes are granted
   */
  public void fill(Miss miss, long translatedAddress, long addrMask, boolean readable, boolean writable) {
    int permissions = (readable ? Access.READ.bit() | Access.FETCH.bit() : 0) | (writable ? Access.WRITE.bit() : 0);
    fill(miss, translatedAddress, addrMask, addrMask, permissions);
  }

  /**
   * Fills in a translation of a part of a leaf, as where a second stage cuts a large leaf into blocks. An invalidation
   * of any address of the leaf drops the translation.
   *
   * @param miss a miss that has begun, and has entered its domain
   * @param translatedAddress the address to which {@code miss}'s address leads, unsigned
   * @param addrMask the size in bytes of the block around it, less 1; at most 2 MiB are kept, and nothing below 4 KiB
   * @param leafMask the size in bytes of the leaf, less 1, not below {@code addrMask}
   * @param permissions the {@linkplain Access#bit() bits} of the accesses that are granted
   */
  public void fill(Miss miss, long translatedAddress, long addrMask, long leafMask, int permissions) {
    if (Long.compareUnsigned(addrMask, IotlbStamps.PAGE_MASK) < 0) {
      return;
    }
    long mask = Long.compareUnsigned(addrMask, IotlbStamps.CHUNK_MASK) < 0 ? addrMask : IotlbStamps.CHUNK_MASK;
    int kind = IotlbStamps.kind(leafMask);
    if (miss.table.fill(stamps, miss, translatedAddress, mask, kind, permissions)) {
      grow(miss.table);
    }
  }

  /**
   * Lets the reader of a miss reuse the granted answer until the next invalidation, even if the cache does not keep it.
   *
   * @param miss a miss that has begun
   * @param entry the entry that holds the granted answer
   */
  public void allowReuse(Miss miss, IommuTlbEntry entry) {
    entry.reusableWhile(stamps.sequence, miss.number);
  }

  /** Replaces a table in which entries push each other out by a larger, empty one, which misses fill again. */
  private void grow(IotlbTable crowded) {
    if (crowded.slots() < limit && table.dereference() == crowded) {
      replace(crowded, new IotlbTable(Math.min(limit, crowded.slots() * 4)));
    }
  }

  private synchronized void replace(IotlbTable present, IotlbTable next) {
    if (table.dereferenceProtected() == present) {
      table.assign(next);
      retire(present);
    }
  }

  /** A table that the policy does not take, as it is full or closed, is garbage all the same; it is not poisoned. */
  private void retire(IotlbTable replaced) {
    try {
      policy.retire(replaced::reclaimed);
    } catch (RejectedRetireException | IllegalStateException _) {
      // an access goes on, and so does a close
    }
  }

  /** Invalidates every translation. */
  public void invalidateAll() {
    stamps.bumpAll();
  }

  /**
   * Invalidates the translations of a source.
   *
   * @param source the device that makes the accesses, as in {@link #lookup}
   */
  public void invalidateSource(int source) {
    stamps.bumpSource(source);
  }

  /**
   * Invalidates the translations of a domain.
   *
   * @param domain the number of the domain, as in {@link #enter}
   */
  public void invalidateDomain(int domain) {
    stamps.bumpDomain(IotlbStamps.domain(domain));
  }

  /**
   * Invalidates the translations of some addresses, in all sources and domains.
   *
   * @param range the addresses, both ends inclusive; a range of more than 256 pages of 4 KiB invalidates every
   *     translation
   */
  public void invalidate(AddressRange range) {
    stamps.bump(range);
  }

  /**
   * The number of entries that the present table has room for.
   *
   * @return a power of two
   */
  public int capacity() {
    return table.dereferenceProtected().slots();
  }

  /** Drops all entries. The cache may be used afterwards; it then starts anew with room for two entries. */
  @Override
  public void close() {
    invalidateAll();
    replace(table.dereferenceProtected(), new IotlbTable(2));
  }

  /** The state of a miss. One thread uses it for one miss after the other. */
  public static final class Miss {

    IotlbTable table;
    long key;
    int source;
    long address;
    int domain;
    long sum;
    long page;
    long chunk;
    long any;
    long number;

    /** A miss that has not begun. */
    public Miss() {}

    /** The sum that an entry carries, by the counter that it uses. */
    long sum(int kind) {
      return sum + switch (kind) {
        case IotlbStamps.BY_PAGE -> page;
        case IotlbStamps.BY_CHUNK -> chunk;
        default -> any;
      };
    }
  }
}
