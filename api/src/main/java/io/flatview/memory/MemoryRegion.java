package io.flatview.memory;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A node of the machine's memory map: it answers at a range of addresses, or it arranges other regions.
 *
 * <p>Regions form a tree by containment (each has at most one parent) and a graph by {@linkplain Alias aliases}. A
 * region's own addresses are offsets that start at 0; the addresses at which it is visible depend on where it is
 * placed. A region <em>shows</em> at an address, or <em>answers</em> there, if an access to that address reaches it.
 * Regions are made by a {@link MemorySystem} and are changed only through a {@link Transaction} of that system.
 *
 * <table class="striped">
 * <caption>The kinds, after QEMU's memory API</caption>
 * <thead><tr><th scope="col">kind</th><th scope="col">answers itself</th><th scope="col">reads</th>
 * <th scope="col">writes</th></tr></thead>
 * <tbody>
 * <tr><th scope="row">{@link Container}</th><td>no: the regions below show through its holes</td>
 * <td>-</td><td>-</td></tr>
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
   * The dirty clients that log writes to this region.
   *
   * @return their {@linkplain DirtyClient#mask() bits}, 0 for none
   */
  int dirtyLogMask();

  /**
   * The region in which this one is placed.
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
   * @return the object that was attached last, or null
   */
  Object attachment();

  /**
   * Replaces the attached object, at once and without a transaction: it is no part of the map. A thread that sees the
   * object also sees all writes that came before this call.
   *
   * @param attachment any object, or null for none; the region keeps it also after its close
   * @return the object that was attached before, or null
   */
  Object attach(Object attachment);

  /**
   * Declares that the region will never be placed again.
   *
   * <p>Its memory is given back once no published view shows it any more and every reader that could see such a view
   * has left its section. Closing twice does nothing.
   *
   * @throws MapException if it has a parent, is the target of an alias that is neither closed nor collected as garbage,
   *     or is the root of an open address space; the message names the holder
   */
  @Override
  void close();

  /**
   * Completes when nothing of a closed region is left: no reader can reach it, no window is mapped in it, and its
   * memory has been given back. Closing the memory system ends every region in the same way.
   *
   * @return the stage; it never completes while region and memory system are open, and completes exceptionally if the
   *     reclamation policy is closed or fails before; dependents run in a virtual thread
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

  /** Arranges other regions and answers nothing itself; the regions below it show through its holes. */
  non-sealed interface Container extends Parent {}

  /**
   * A region of numbered variants, of which one shows, or none. {@link #select} chooses it, with a store and no commit.
   *
   * <p>A variant is any region or subtree, placed with {@link Transaction#setVariant}. It shows as if it were the
   * bank's only child, and the regions below the bank show through its holes; so a bank that selects nothing is
   * transparent. Banks nest and overlap, have priorities and aliases like all regions, and select independently of each
   * other. A map holds a section for everything that banks can show at an address, and holes in an upper bank multiply
   * its variants by those of the banks below: so place banks with many variants with holes below other banks.
   *
   * <p><b>The effect of a selection.</b> The selecting thread accesses the selected variant from its next access on,
   * also within a section that is open. Other threads see the selection as they see any store, and then also see all
   * earlier writes of the selecting thread. An access of up to 8 bytes, or a piece of a longer transfer, uses one
   * selection of each bank for all of its bytes. The edges of a bank end sections, whatever it selects. A selection is
   * no part of a transaction, changes no generation and calls no listener; for a listener that mirrors the map there is
   * {@link MemoryListener#wantsSelections}. A {@link MappedWindow} keeps the memory that it was mapped on; for memory
   * that a reader keeps there is {@link Translation#selection}.
   */
  non-sealed interface Bank extends Parent {

    /** Selects nothing. */
    int NONE = -1;

    /** The number of variants that a bank can have at the most. */
    int MOST_VARIANTS = 1 << 16;

    /**
     * The number of variants that the bank can have.
     *
     * @return one more than the largest number
     */
    int variants();

    /**
     * The region placed as a variant.
     *
     * @param number the number of the variant, at least 0 and less than {@link #variants()}
     * @return the variant, or empty if there is none of this number
     * @throws IndexOutOfBoundsException if the bank has no such number
     */
    Optional<MemoryRegion> variant(int number);

    /**
     * The variant that shows.
     *
     * @return its number, or {@link #NONE}
     */
    int selected();

    /**
     * Selects the variant that shows. Any thread may select at any time: in a section, in a device's
     * callback, in a transaction. While a listener {@linkplain MemoryListener#wantsSelections wants selections}, this
     * is a whole commit.
     *
     * @param number the number of a variant, which may be missing, or {@link #NONE}
     * @throws IndexOutOfBoundsException if the bank has no such number; nothing has changed
     */
    void select(int number);
  }

  /**
   * A region with memory of its own, off the heap.
   *
   * <p>The two methods are for its owner: to load an image, or to program memory that guests can only read. They
   * work whether or not the region is placed. Each copies as {@link java.lang.foreign.MemorySegment#copy} does,
   * with no order against guest accesses to the same bytes.
   */
  sealed interface Memory extends Parent permits Ram, Rom, RomDevice {

    /**
     * Copies bytes in, also where guests cannot write.
     *
     * @param offset the offset of the first byte, unsigned
     * @param content the bytes to copy
     * @throws IndexOutOfBoundsException if they do not fit; nothing is copied then
     * @throws IllegalStateException if the region is closed
     */
    void copyIn(long offset, MemorySegment content);

    /**
     * Copies bytes out.
     *
     * @param offset the offset of the first byte, unsigned
     * @param into takes the bytes; its size is the number to copy
     * @throws IndexOutOfBoundsException if the region ends before; nothing is copied then
     * @throws IllegalStateException if the region is closed
     */
    void copyOut(long offset, MemorySegment into);
  }

  /** Memory that is read and written directly. */
  non-sealed interface Ram extends Memory {

    /**
     * The largest size that {@link Transaction#setSize} can give.
     *
     * @return the size, for memory that cannot be resized
     */
    Size maximum();

    /**
     * Makes a range read as zeros and gives its whole pages back to the system where that is possible, which is less
     * work than zeroing and frees memory. An access at the same time sees each byte before or after. Of sparse memory
     * this neither changes the populated parts nor calls listeners: {@link RamDiscardManager#discard} does.
     *
     * @param offset the offset of the first byte, unsigned
     * @param length the number of bytes; the range may reach up to {@link #maximum()}
     * @return the number of bytes that went back to the system; the others were zeroed in place
     * @throws IndexOutOfBoundsException if the range does not lie in the memory; nothing is discarded then
     * @throws IllegalStateException if the region is closed, or its backing is read-only
     */
    long discard(long offset, long length);

    /**
     * The manager that makes this memory sparse.
     *
     * @return the manager, or empty for memory whose parts are all there
     */
    Optional<RamDiscardManager> discardManager();

    /**
     * Makes this memory sparse, for good: all of it is discarded at first. Its content is not touched. Done before the
     * region is placed, so that every listener of the map finds the manager when it is called for the region.
     *
     * @param granularity the smallest part that can be populated or discarded, in bytes: a power of two, at least a
     *     page of the memory system, of which {@link #maximum()} is a multiple. A granule that is smaller than a page
     *     of the system is zeroed when it is discarded, and frees nothing
     * @return the only manager of this memory
     * @throws IllegalArgumentException if the granularity does not fit, or the memory is empty
     * @throws MapException if the region is placed, aliased, or the root of an address space; the message names the
     *     holder
     * @throws IllegalStateException if the region has a manager, its backing is read-only, or it or the memory system
     *     is closed; in a transaction that has changed something already, which it might undo; and in a device's
     *     callback
     */
    RamDiscardManager newDiscardManager(long granularity);
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
     * The ranges whose stores wait until the next access to the device.
     *
     * @return offsets, in the order in which they were added
     */
    List<AddressRange> coalesced();

    /**
     * Delivers all coalesced stores to the device, in the calling thread, by the device's rules. A device that was
     * removed from the map also keeps its stores until then. If called in a callback of a device that rejects re-entry,
     * it delivers nothing.
     */
    void flushCoalesced();
  }

  /** Hides the regions below it; every access is a decode error. */
  non-sealed interface Reserved extends Parent {}

  /** Forwards each access to another address space, as its translator says. */
  non-sealed interface Iommu extends Parent {

    /**
     * The translator that maps the addresses of this region.
     *
     * @return the translator given at creation
     */
    IommuTranslator translator();

    /**
     * Registers a notifier for every change from now on. {@link IommuNotifier.Registration#replay} calls it for
     * mappings that exist already.
     *
     * @param notifier the notifier, with the events and addresses that it wants
     * @return closes the registration
     * @throws MapException if the region has no such index, the translator maps smaller pages than the notifier can
     *     follow, or refuses it; the message names both, and nothing has changed
     */
    IommuNotifier.Registration addNotifier(IommuNotifier notifier);

    /**
     * Calls the notifiers for a change; for the owner of the translator, after the change is in force. Each notifier
     * that wants the event's kind gets the part in its range, also if others throw: the first exception is thrown once
     * all were called, with the others suppressed in it. Returns at once if there is no notifier; likewise if a
     * notifier of this region calls it: the event then follows when the present calls have ended, and failures go to
     * their caller.
     *
     * @param index the number of the IOMMU's table that changed, from 0
     * @param event the change, which is in force whether or not a notifier fails
     * @throws IllegalStateException if the caller is itself called by a notifier or a device, for whose end another
     *     thread waits that is calling these notifiers; none of them is called
     */
    void notifyIommu(int index, IommuEvent event);
  }

  /** A window on another region, or on another part of an ancestor as long as clipping ends the recursion. */
  non-sealed interface Alias extends MemoryRegion {

    /**
     * The region that the alias shows.
     *
     * @return the target given at creation
     */
    MemoryRegion target();

    /**
     * The offset of the target that shows at offset 0 of the alias.
     *
     * @return the offset, unsigned
     */
    long targetOffset();
  }
}
