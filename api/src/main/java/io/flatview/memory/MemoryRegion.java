package io.flatview.memory;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A node of the machine's memory map: something that may answer at a range of addresses, or that arranges others that
 * do.
 *
 * <p>Regions form a tree by containment (each has at most one parent) and a graph by {@linkplain Alias aliases}. A
 * region's own addresses are offsets that start at 0; where it is seen depends on where it is placed. Regions are made
 * by a {@link MemorySystem} and are changed only through a {@link Transaction} of that system.
 *
 * <table class="striped">
 * <caption>The kinds, after QEMU's memory API</caption>
 * <thead><tr><th scope="col">kind</th><th scope="col">answers itself</th><th scope="col">reads</th>
 * <th scope="col">writes</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">{@link Container}</th><td>no: its holes show what lies below</td><td>-</td><td>-</td></tr>
 * <tr><th scope="row">{@link Ram}</th><td>yes</td><td>memory</td><td>memory, unless read-only</td></tr>
 * <tr><th scope="row">{@link Rom}</th><td>yes</td><td>memory</td><td>decode error, ignored</td></tr>
 * <tr><th scope="row">{@link RomDevice}</th><td>yes</td><td>memory in ROM mode, else the device</td>
 * <td>the device</td></tr>
 * <tr><th scope="row">{@link Mmio}</th><td>yes</td><td>the device</td><td>the device</td></tr>
 * <tr><th scope="row">{@link Reserved}</th><td>yes</td><td>decode error</td><td>decode error</td></tr>
 * <tr><th scope="row">{@link Iommu}</th><td>forwards to another address space</td><td>translated</td>
 * <td>translated</td></tr>
 * <tr><th scope="row">{@link Bank}</th><td>no: shows one of its variants, or none</td><td>-</td><td>-</td></tr>
 * <tr><th scope="row">{@link Alias}</th><td>as a window of its target</td><td>target</td><td>target</td></tr>
 * </tbody>
 * </table>
 *
 * <p><b>Threading.</b> Every property may be read by any thread. A thread with an open transaction sees its own
 * changes; another thread may see either value while a transaction is open.
 */
public sealed interface MemoryRegion extends AutoCloseable {

  /**
   * The name given at creation; not unique.
   *
   * @return the name
   */
  String name();

  /**
   * The number of this region, unique in its memory system and never used again.
   *
   * @return the number, counted from 1
   */
  long id();

  /**
   * The size of the region.
   *
   * @return the size, possibly empty
   */
  Size size();

  /**
   * Whether the region and all that it contains take part in the map.
   *
   * @return true unless it was disabled
   */
  boolean isEnabled();

  /**
   * Whether writes through this region, also to what it contains or aliases, are refused.
   *
   * @return the region's own flag, not what it inherits
   */
  boolean isReadOnly();

  /**
   * Whether fetches of instructions are refused; inherited like {@link #isReadOnly()}.
   *
   * @return the region's own flag
   */
  boolean isNoFetch();

  /**
   * Whether the region is marked as holding its content without power; inherited like {@link #isReadOnly()}.
   *
   * @return the region's own flag
   */
  boolean isNonVolatile();

  /**
   * Whether neighbouring pieces of this region must stay separate sections; inherited like {@link #isReadOnly()}.
   *
   * @return the region's own flag
   */
  boolean isUnmergeable();

  /**
   * Which dirty-memory clients log writes to this region.
   *
   * @return a set of bits, 0 for none
   */
  int dirtyLogMask();

  /**
   * Where the region is placed.
   *
   * @return the parent, or empty while it has none
   */
  Optional<Parent> parent();

  /**
   * The offset of this region in its parent, unsigned; for the root of an address space, the address where it starts.
   *
   * @return the offset, 0 while it was never placed
   */
  long address();

  /**
   * The priority among the children of the same parent: larger wins, and of equals the one placed last.
   *
   * @return the priority, 0 unless given
   */
  int priority();

  /**
   * The embedder's object that belongs to the region, such as the device model behind it or the cycles that an access
   * takes: found from a {@linkplain MemoryRegionSection#region() section} without a table beside the map.
   *
   * @return what was attached last, or null
   */
  Object attachment();

  /**
   * Attaches an object in the place of the one before, at once and without a transaction: it is no part of the map. A
   * thread that sees the object also sees what was written before it was attached.
   *
   * @param attachment any object, or null for none; the region keeps it also when it is closed
   * @return what was attached before, or null
   */
  Object attach(Object attachment);

  /**
   * Declares that the region will never be placed again.
   *
   * <p>What it owns is given back once no published view shows it any more and every reader that could see such a view
   * has left its section. Closing twice does nothing.
   *
   * @throws MapException if it has a parent, is the target of an alias that is not closed, or is the root of an open
   *     address space; the message names the holder
   */
  @Override
  void close();

  /**
   * Tells when nothing of a closed region is left: no reader can reach it, no window is mapped in it, and its memory
   * has been given back. Closing the memory system ends every region in the same way.
   *
   * @return the stage; it completes in the thread that let go last, and never while region and memory system are open
   */
  CompletionStage<Void> released();

  /** A region that may have children: every kind but {@link Alias}. Children hide their parent's own content. */
  sealed interface Parent extends MemoryRegion {

    /**
     * The children in the order in which they win: higher priority first, and of equals the latest first.
     *
     * @return an immutable copy
     */
    List<MemoryRegion> children();
  }

  /** Arranges others and answers nothing itself; its holes show what lies below it. */
  non-sealed interface Container extends Parent {}

  /**
   * A region of numbered variants, of which one shows, or none. Which one is for {@link #select} to say: a store, and
   * no commit.
   *
   * <p>A variant is any region or subtree, placed with {@link Transaction#setVariant}. It shows as if it were the
   * bank's only child, and its holes show what lies below the bank; so a bank that selects nothing is transparent.
   * Banks nest and overlap, have priorities and aliases like all regions, and select independently of each other. A map
   * holds everything that banks can show at a place: so of banks that overlap, those with many variants that have holes
   * should lie below.
   *
   * <p><b>What a selection changes, and when.</b> The selecting thread meets the selected variant at its next access,
   * also within a section that it holds. Other threads do so as they see any store, and then also see what the
   * selecting thread wrote before. An access of up to 8 bytes, or a piece of a longer transfer, meets one selection of
   * each bank throughout. The edges of a bank end sections, whatever it selects. A selection is no part of a
   * transaction, changes no generation and calls no listener; for a listener that mirrors the map there is {@link
   * MemoryListener#wantsSelections}. A {@link MappedWindow} keeps the memory that it was mapped on; other memory that
   * is kept goes by {@link Translation#selection}.
   */
  non-sealed interface Bank extends Parent {

    /** Selects nothing. */
    int NONE = -1;

    /**
     * How many variants the bank can have.
     *
     * @return one more than the largest number
     */
    int variants();

    /**
     * A variant.
     *
     * @param number at least 0 and less than {@link #variants()}
     * @return what was placed there, or empty, which shows as nothing
     * @throws IndexOutOfBoundsException if the bank has no such number
     */
    Optional<MemoryRegion> variant(int number);

    /**
     * Which variant shows.
     *
     * @return its number, or {@link #NONE}
     */
    int selected();

    /**
     * Shows a variant in the place of the one before. Any thread may select at any time: in a section, in a device's
     * callback, in a transaction. While a listener {@linkplain MemoryListener#wantsSelections wants selections}, this
     * is a commit with all that belongs to one.
     *
     * @param number of a variant, which may be missing, or {@link #NONE}
     * @throws IndexOutOfBoundsException if the bank has no such number; nothing has changed
     */
    void select(int number);
  }

  /**
   * A region with memory of its own, off the heap.
   *
   * <p>The two methods are for its owner: to load an image, or to program what guests can only read. They work wherever
   * the region is placed, and whether or not it is. Each copies as {@link java.lang.foreign.MemorySegment#copy} does,
   * with no order against guest accesses to the same bytes.
   */
  sealed interface Memory extends Parent permits Ram, Rom, RomDevice {

    /**
     * Puts content in, whatever guests may write.
     *
     * @param offset where its first byte goes, unsigned
     * @param content what to copy
     * @throws IndexOutOfBoundsException if it does not fit; nothing is copied then
     * @throws IllegalStateException if the region is closed
     */
    void copyIn(long offset, MemorySegment content);

    /**
     * Gets content out.
     *
     * @param offset where its first byte is, unsigned
     * @param into where to copy it; its size says how much
     * @throws IndexOutOfBoundsException if the region ends before; nothing is copied then
     * @throws IllegalStateException if the region is closed
     */
    void copyOut(long offset, MemorySegment into);
  }

  /** Memory that is read and written directly. */
  non-sealed interface Ram extends Memory {

    /**
     * What {@link Transaction#setSize} can give at most.
     *
     * @return the size, for memory that cannot be resized
     */
    Size maximum();

    /**
     * Makes a range read as zeros and gives its whole pages back to the system where that is possible, which is less
     * work than zeroing and frees memory. An access at the same time sees each byte before or after.
     *
     * @param offset where the range starts, unsigned
     * @param length how many bytes; the range may reach up to {@link #maximum()}
     * @return how many bytes went back to the system; the others were zeroed in place
     * @throws IndexOutOfBoundsException if the range does not lie in the memory; nothing is discarded then
     * @throws IllegalStateException if the region is closed, or its backing is read-only
     */
    long discard(long offset, long length);
  }

  /** Memory that only reads; a write is a decode error and changes nothing. */
  non-sealed interface Rom extends Memory {}

  /** Memory for reads and a device for writes, as flash has it; with ROM mode off the device serves both. */
  non-sealed interface RomDevice extends Memory {

    /**
     * The device that serves writes, and reads while ROM mode is off.
     *
     * @return the handler given at creation
     */
    MmioDevice handler();

    /**
     * Whether reads go to the memory.
     *
     * @return true by default
     */
    boolean isRomdMode();
  }

  /** A device's registers. */
  non-sealed interface Mmio extends Parent {

    /**
     * The device.
     *
     * @return the handler given at creation
     */
    MmioDevice handler();

    /**
     * The doorbells in force.
     *
     * @return in ascending order of their offsets
     */
    List<Doorbell> doorbells();

    /**
     * Where stores wait until the device is looked at.
     *
     * @return offsets, in the order in which they were added
     */
    List<AddressRange> coalesced();

    /**
     * Hands the device every store that waits, in the calling thread, under the device's rules. Also a device that was
     * taken out of the map keeps them until then. In a callback of a device that rejects re-entry they wait on.
     */
    void flushCoalesced();
  }

  /** Holds a place so that nothing below shows; every access is a decode error. */
  non-sealed interface Reserved extends Parent {}

  /** Forwards each access to another address space, as its translator says. */
  non-sealed interface Iommu extends Parent {

    /**
     * What maps an address of this region to a target.
     *
     * @return the translator given at creation
     */
    IommuTranslator translator();

    /**
     * Registers someone who is told of every change from now on. What is mapped already is told on request, by
     * {@link IommuNotifier.Registration#replay}.
     *
     * @param notifier who, and what of
     * @return closes the registration
     * @throws MapException if the region has no such index, the translator maps smaller pages than the notifier can
     *     follow, or refuses it; the message names both, and nothing has changed
     */
    IommuNotifier.Registration addNotifier(IommuNotifier notifier);

    /**
     * Tells the notifiers of a change; for the owner of the translator, after the change is in force. Each notifier
     * that wants the event's kind gets the part that concerns it, whatever others throw: what the first one threw is
     * thrown once all were called, with the failures of others suppressed in it. Returns at once if there is none.
     *
     * @param index which of the IOMMU's tables changed
     * @param event the change, which is in force whether or not a notifier fails
     */
    void notifyIommu(int index, IommuEvent event);
  }

  /** A window on another region, or on another part of an ancestor as long as clipping ends the recursion. */
  non-sealed interface Alias extends MemoryRegion {

    /**
     * What the window shows.
     *
     * @return the target given at creation
     */
    MemoryRegion target();

    /**
     * Which offset of the target stands at offset 0 of the window.
     *
     * @return the offset, unsigned
     */
    long targetOffset();
  }
}
