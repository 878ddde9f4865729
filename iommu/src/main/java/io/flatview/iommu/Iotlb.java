package io.flatview.iommu;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.InvalidationSequence;
import io.flatview.rcu.RcuReference;
import io.flatview.rcu.ReclaimPolicy;

/**
 * A cache of translations, for the models of IOMMUs: readers fill and ask it, and the thread that
 * changes the tables empties it.
 *
 * <p>A reader asks {@link #lookup}. On a miss it goes on with {@link #begin}, walks its tables, and hands the outcome
 * to {@link #fill}. A mapper changes the tables, invalidates, and waits for a grace period; from then on no reader
 * uses what was mapped before. None of this blocks, and only the growth of the cache allocates.
 *
 * <h2>Why no reader keeps an old mapping</h2>
 *
 * <p>Every entry carries the sum of a few {@linkplain IotlbStamps counters}, one for each way in which it may be
 * invalidated. Counters only grow, so the sum is as it was if and only if none of them moved. An entry whose sum is not
 * that of now is a miss. Let M be the mapper, with
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
 *   <li>If R1 reads what M2 stored, M1 happens before R2 (release of M2, acquire of R1): R walks the new table.
 *   <li>If R1 reads an older value, the entry that R3 leaves carries an old sum. R itself uses what it read until R4;
 *       if R entered before M3 began, M3 waits for R4.
 *   <li>A reader Q that enters after M3 began sees M2, as every section that a grace period does not wait for sees what
 *       came before its start. So the old sum is a miss for Q, <em>whenever</em> R3 happens. It would not be enough to
 *       remove old entries at M2: R3 may come later, Q could hit it, and M3 does not wait for Q.
 * </ul>
 *
 * <p>What {@link #lookup} grants, the reader may use again without asking. For that there is one more counter, the
 * {@linkplain InvalidationSequence sequence}: the mapper advances it after M2, and R takes its number before R1. If R's
 * number is the one of now, R has seen M2, or M2 is still to come: so the argument above holds for the sequence as for
 * any counter. Were it advanced before M2, R could take the new number, find the old counter, and go on for ever.
 *
 * <p>The entry itself is read under a version number, see {@link IotlbTable}. A table that is replaced is retired
 * through the reclamation policy, for a reader may be filling it; in checked mode it is then poisoned, so that a policy
 * that is wrong fails loudly.
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
   * @param policy decides when a replaced table may be let go; the same that the readers' sections belong to
   * @param target where every translation leads
   * @param entries how many entries it may have at most, a power of two, at least 2; it starts smaller and grows
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
   * @param index which of the source's tables; 0 to 2<sup>24</sup>-1
   * @param address what to translate, unsigned
   * @param access what is wanted
   * @param entry where a hit is granted, to be used again by its reader; left alone on a miss
   * @return whether there is one that permits the access
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
   * Begins a miss, before anything is read from which the translation is made.
   *
   * @param miss is set up
   * @param source the device that makes the access, as in {@link #lookup}
   * @param index which of the source's tables
   * @param address what to translate, unsigned
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
   * Says to which domain the translation belongs, before the domain's tables are read.
   *
   * @param miss begun
   * @param domain any number
   */
  public void enter(Miss miss, int domain) {
    miss.domain = IotlbStamps.domain(domain);
    miss.sum += stamps.ofDomain(miss.domain);
    miss.page = stamps.ofPage(miss.address);
    miss.chunk = stamps.ofChunk(miss.address);
    miss.any = stamps.ofAny();
  }

  /**
   * Keeps a translation. It may be gone at any time, or not be kept at all.
   *
   * @param miss begun, and entered into its domain
   * @param translatedAddress where {@code miss}'s address leads, unsigned
   * @param addrMask the size of the block around it less 1; kept as far as 2 MiB, and not at all below 4 KiB
   * @param readable whether reads are granted, and fetches
   * @param writable whether writes are granted
   */
  public void fill(Miss miss, long translatedAddress, long addrMask, boolean readable, boolean writable) {
    int permissions = (readable ? Access.READ.bit() | Access.FETCH.bit() : 0) | (writable ? Access.WRITE.bit() : 0);
    fill(miss, translatedAddress, addrMask, addrMask, permissions);
  }

  /**
   * Keeps a translation of a part of what a leaf of the tables maps, since something else ends sooner. An invalidation
   * of any address of the leaf concerns it.
   *
   * @param miss begun, and entered into its domain
   * @param translatedAddress where {@code miss}'s address leads, unsigned
   * @param addrMask the size of the block around it less 1; kept as far as 2 MiB, and not at all below 4 KiB
   * @param leafMask the size of what the leaf maps less 1, not below {@code addrMask}
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
   * Lets the reader of a miss use again what it was granted, whether or not it is kept here.
   *
   * @param miss begun
   * @param entry what was granted
   */
  public void allowReuse(Miss miss, IommuTlbEntry entry) {
    entry.reusableWhile(stamps.sequence, miss.number);
  }

  /** A table in which entries push each other out is replaced by a larger one; its entries are found again. */
  private void grow(IotlbTable crowded) {
    if (crowded.slots() < limit && table.dereference() == crowded) {
      replace(crowded, new IotlbTable(Math.min(limit, crowded.slots() * 4)));
    }
  }

  private synchronized void replace(IotlbTable present, IotlbTable next) {
    if (table.dereferenceProtected() == present) {
      table.assign(next);
      policy.retire(present::reclaimed);
    }
  }

  /** Forgets everything. */
  public void invalidateAll() {
    stamps.bumpAll();
  }

  /**
   * Forgets the translations of a source.
   *
   * @param source the device that makes the accesses, as in {@link #lookup}
   */
  public void invalidateSource(int source) {
    stamps.bumpSource(source);
  }

  /**
   * Forgets the translations of a domain.
   *
   * @param domain which
   */
  public void invalidateDomain(int domain) {
    stamps.bumpDomain(IotlbStamps.domain(domain));
  }

  /**
   * Forgets the translations of some addresses, of all sources and domains.
   *
   * @param range which addresses; all are forgotten at once if they are many
   */
  public void invalidate(AddressRange range) {
    stamps.bump(range);
  }

  /**
   * How many entries the present table has room for.
   *
   * @return a power of two
   */
  public int capacity() {
    return table.dereferenceProtected().slots();
  }

  /** Lets the entries go. Translations are still answered afterwards, by misses for the most part. */
  @Override
  public void close() {
    invalidateAll();
    replace(table.dereferenceProtected(), new IotlbTable(2));
  }

  /** A miss on its way, to be used again and again by one thread. */
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

    /** The sum that an entry of some stamping carries. */
    long sum(int kind) {
      return sum + switch (kind) {
        case IotlbStamps.BY_PAGE -> page;
        case IotlbStamps.BY_CHUNK -> chunk;
        default -> any;
      };
    }
  }
}
