package io.flatview.memory;

/**
 * Changes to the topology that become visible together, or not at all.
 *
 * <pre>{@code
 * try (Transaction tx = memory.begin()) {
 *   tx.addSubregion(system, 0x8000_0000L, ram).addSubregion(system, 0x1000_0000L, uart);
 *   tx.commit();
 * }
 * }</pre>
 *
 * <p>Until {@link #commit} nothing of it is visible to readers; {@link #close} without a commit takes everything back.
 * A transaction begun by a thread that has one open joins it: its commit is published with the outermost, and closing
 * it without a commit takes back only what it did itself.
 *
 * <p><b>Threading.</b> One thread at a time has a transaction open in a memory system; others wait in
 * {@link MemorySystem#begin()}. All methods must be called by the thread that began it, and only while it is the
 * innermost. Every method throws {@link IllegalStateException} otherwise, and {@link MapException} for a request that
 * breaks a rule, which then changes nothing. If the thread ends with a transaction open, its changes are taken back,
 * and a warning names the thread and says where the transaction began.
 *
 * <p><b>In a device's callback</b> an edit is made when the access has ended: in the order of the edits, in the tree as
 * it is then. An edit that breaks a rule fails the whole transaction and its ticket.
 */
public interface Transaction extends AutoCloseable {

  /**
   * Places a region with priority 0.
   *
   * @param parent where
   * @param offset at which offset of the parent, unsigned
   * @param child what; it must have no parent
   * @return this
   */
  default Transaction addSubregion(MemoryRegion.Parent parent, long offset, MemoryRegion child) {
    return addSubregion(parent, offset, child, 0);
  }

  /**
   * Places a region. Among siblings the larger priority wins, and of equals the one placed last; children that stick
   * out of their parent are clipped.
   *
   * @param parent where
   * @param offset at which offset of the parent, unsigned
   * @param child what; it must have no parent
   * @param priority any number
   * @return this
   */
  Transaction addSubregion(MemoryRegion.Parent parent, long offset, MemoryRegion child, int priority);

  /**
   * Places a region with priority 0 where no sibling is: for a bus on which two regions at one address are a mistake.
   * Siblings count whatever their priority, also while they are disabled; what is placed or moved there later by other
   * methods is not refused.
   *
   * @param parent where
   * @param offset at which offset of the parent, unsigned
   * @param child what; it must have no parent
   * @return this
   * @throws MapException if it overlaps siblings, with a fault for each; nothing has changed
   */
  Transaction addDisjoint(MemoryRegion.Parent parent, long offset, MemoryRegion child);

  /**
   * Gives a bank a variant. Taken out with {@link #delSubregion(MemoryRegion)}, like any child; which variant the bank
   * selects stays as it is.
   *
   * @param bank which
   * @param number of the variant, at least 0 and less than {@link MemoryRegion.Bank#variants()}; the bank has none of
   *     this number
   * @param variant what the bank shows from its offset 0 on when it selects the number; it must have no parent
   * @return this
   */
  Transaction setVariant(MemoryRegion.Bank bank, int number, MemoryRegion variant);

  /**
   * Takes a region out of its parent.
   *
   * @param child a region that has a parent
   * @return this
   */
  Transaction delSubregion(MemoryRegion child);

  /**
   * Takes a region out of the parent that the caller believes it to be in.
   *
   * @param parent where it is
   * @param child a region that has this parent
   * @return this
   * @throws MapException if it has another parent, or none; the message names both
   */
  Transaction delSubregion(MemoryRegion.Parent parent, MemoryRegion child);

  /**
   * Moves a region within its parent. It becomes the latest among equals, as if it were taken out and placed again. For
   * a region without a parent, sets the address where it starts as the root of an address space.
   *
   * @param region what
   * @param offset the new offset, unsigned
   * @return this
   */
  Transaction setAddress(MemoryRegion region, long offset);

  /**
   * Gives a region another size.
   *
   * @param region any kind but those that own memory, and {@linkplain RamBacking#resizable resizable} RAM
   * @param size the new size
   * @return this
   */
  Transaction setSize(MemoryRegion region, Size size);

  /**
   * Shows or hides a region with all that it contains; what lies below shows instead.
   *
   * @param region what
   * @param enabled whether it takes part in the map
   * @return this
   */
  Transaction setEnabled(MemoryRegion region, boolean enabled);

  /**
   * Refuses or allows writes through a region, also to what it contains or aliases, of any kind.
   *
   * @param region what; ROM is read-only and stays so
   * @param readOnly whether writes are refused
   * @return this
   */
  Transaction setReadOnly(MemoryRegion region, boolean readOnly);

  /**
   * Refuses or allows fetches of instructions through a region, also from what it contains or aliases, of any kind.
   * Loads and stores stay.
   *
   * @param region what
   * @param noFetch whether fetches are refused
   * @return this
   */
  Transaction setNoFetch(MemoryRegion region, boolean noFetch);

  /**
   * Marks a region and what it contains as keeping its content.
   *
   * @param region what
   * @param nonVolatile the mark
   * @return this
   */
  Transaction setNonVolatile(MemoryRegion region, boolean nonVolatile);

  /**
   * Keeps neighbouring pieces of a region, and of what it contains, as separate sections.
   *
   * @param region what
   * @param unmergeable the mark
   * @return this
   */
  Transaction setUnmergeable(MemoryRegion region, boolean unmergeable);

  /**
   * Says which dirty clients log writes to a memory.
   *
   * @param region the memory
   * @param mask the {@linkplain DirtyClient#mask() bits} of the clients
   * @return this
   * @throws MapException if the mask sets a bit that was clear and that no open client has
   */
  Transaction setDirtyLogMask(MemoryRegion.Memory region, int mask);

  /**
   * Has a client log writes to a memory.
   *
   * @param region the memory
   * @param client the client, besides those that log it already
   * @return this
   * @throws MapException if the client is closed or of another memory system
   */
  Transaction startLog(MemoryRegion.Memory region, DirtyClient client);

  /**
   * Ends the logging of writes to a memory by a client. Marks it has not taken stay.
   *
   * @param region the memory
   * @param client the client
   * @return this
   * @throws MapException if the client is closed or of another memory system
   */
  Transaction stopLog(MemoryRegion.Memory region, DirtyClient client);

  /**
   * Moves the window of an alias over its target.
   *
   * @param alias what
   * @param targetOffset which offset of the target stands at offset 0 of the window, unsigned
   * @return this
   */
  Transaction setAliasOffset(MemoryRegion.Alias alias, long targetOffset);

  /**
   * Sends a ROM device's reads to its memory or to its handler.
   *
   * @param device what
   * @param romdMode true for the memory
   * @return this
   */
  Transaction setRomdMode(MemoryRegion.RomDevice device, boolean romdMode);

  /**
   * Has a doorbell ring for stores that match it; costs no rendering. Another thread's section that began before the
   * commit may see it at once.
   *
   * @param device what
   * @param doorbell which stores
   * @return this
   * @throws MapException if the device has a doorbell for the same stores, or ends before the doorbell's offset
   */
  Transaction addDoorbell(MemoryRegion.Mmio device, Doorbell doorbell);

  /**
   * Takes a doorbell away. Once the commit is {@linkplain CommitTicket#quiesced() quiesced}, it does not run any more.
   *
   * @param device what
   * @param doorbell the one that was added
   * @return this
   */
  Transaction removeDoorbell(MemoryRegion.Mmio device, Doorbell doorbell);

  /**
   * Has stores wait that lie wholly in a range, for registers that are written often and matter only when the device is
   * looked at. All of them reach the device, in their order, before any other access to it, when too many wait, and at
   * {@link MemoryRegion.Mmio#flushCoalesced}. So the device is called in the thread of that access,
   * with its lock, its sizes and its byte order as for any other access, and with the attributes of the store's
   * initiator.
   *
   * @param device what
   * @param offsets the range
   * @return this
   */
  Transaction addCoalesced(MemoryRegion.Mmio device, AddressRange offsets);

  /**
   * Ends that; what waits reaches the device before the next access.
   *
   * @param device what
   * @return this
   */
  Transaction clearCoalesced(MemoryRegion.Mmio device);

  /**
   * Renders what would change, without telling any listener and without changing anything.
   *
   * @return the changes of this transaction and of those it is nested in
   * @throws MapException if the map cannot be rendered
   */
  MapPlan plan();

  /**
   * Ends the transaction and keeps its changes. The outermost commit renders, asks the listeners, publishes the new
   * generation and returns without waiting for readers; see {@link MemoryListener} for the order.
   *
   * @return the ticket of the commit
   * @throws MapException if the map cannot be rendered, or a listener refuses or fails before publication; everything
   *     is then taken back
   * @throws ListenerException if a listener fails after publication; the commit stands
   */
  CommitTicket commit();

  /** Ends the transaction and takes its changes back, unless it was committed. */
  @Override
  void close();
}
