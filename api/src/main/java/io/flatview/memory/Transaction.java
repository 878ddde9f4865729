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
 * <p>Until {@link #commit}, readers see none of the changes; {@link #close} without a commit undoes them. If a thread
 * begins a transaction while it has one open, the new one is nested: its changes are published by the commit of the
 * outermost, and closing it without a commit undoes its own changes only.
 *
 * <p><b>Threading.</b> One thread at a time has a transaction open in a memory system; others wait in {@link
 * MemorySystem#begin()}. All methods must be called by the thread that began the transaction, and only while it is the
 * thread's innermost one. Every method throws {@link IllegalStateException} otherwise, and {@link MapException} for a
 * request that breaks a rule, which then changes nothing. If the thread ends with a transaction open, its changes are
 * undone, and a warning has the name of the thread and the stack at which the transaction began. While a transaction is
 * open, its thread cannot wait for grace periods, and retirements do not throttle it: a reader inside a section may
 * wait for the transaction.
 *
 * <p><b>In a device's callback</b> edits are recorded, with those of nested transactions, and made in their order when
 * the access has ended; so are closes of regions and address spaces. An edit that breaks a rule fails the whole
 * transaction and its ticket. A transaction that is still open when the access has ended changes nothing, and a warning
 * is logged.
 */
public interface Transaction extends AutoCloseable {

  /**
   * Places a region with priority 0.
   *
   * @param parent the region in which the child is placed
   * @param offset the offset in the parent at which the child starts, unsigned
   * @param child the region to place; it must have no parent
   * @return this transaction
   */
  default Transaction addSubregion(MemoryRegion.Parent parent, long offset, MemoryRegion child) {
    return addSubregion(parent, offset, child, 0);
  }

  /**
   * Places a region. Among siblings the larger priority wins, and of equals the one placed last; children that stick
   * out of their parent are clipped.
   *
   * @param parent the region in which the child is placed
   * @param offset the offset in the parent at which the child starts, unsigned
   * @param child the region to place; it must have no parent
   * @param priority the rank among siblings, any number; larger wins
   * @return this transaction
   */
  Transaction addSubregion(MemoryRegion.Parent parent, long offset, MemoryRegion child, int priority);

  /**
   * Places a region with priority 0 at addresses without siblings: for a bus on which two regions at one address are a
   * mistake. Siblings of all priorities count, also disabled ones. Other methods may later place or move a region
   * there.
   *
   * @param parent the region in which the child is placed
   * @param offset the offset in the parent at which the child starts, unsigned
   * @param child the region to place; it must have no parent
   * @return this transaction
   * @throws MapException if it overlaps siblings, with a fault for each; nothing has changed
   */
  Transaction addDisjoint(MemoryRegion.Parent parent, long offset, MemoryRegion child);

  /**
   * Gives a bank a variant. {@link #delSubregion(MemoryRegion)} removes it, like any child. The number that the bank
   * selects stays as it is.
   *
   * @param bank the bank that gets the variant
   * @param number the number of the variant, at least 0 and less than {@link MemoryRegion.Bank#variants()}; the bank
   *     has none of this number
   * @param variant the region that shows from the bank's offset 0 on while the bank selects the number; it must have no
   *     parent
   * @return this transaction
   */
  Transaction setVariant(MemoryRegion.Bank bank, int number, MemoryRegion variant);

  /**
   * Removes a region from its parent.
   *
   * @param child a region that has a parent
   * @return this transaction
   */
  Transaction delSubregion(MemoryRegion child);

  /**
   * Removes a region from the parent in which the caller expects it.
   *
   * @param parent the expected parent
   * @param child a region that has this parent
   * @return this transaction
   * @throws MapException if it has another parent, or none; the message names both
   */
  Transaction delSubregion(MemoryRegion.Parent parent, MemoryRegion child);

  /**
   * Moves a region within its parent. Among siblings of equal priority it then counts as the one placed last. For a
   * region without a parent, sets the address at which it starts as the root of an address space.
   *
   * @param region the region to change
   * @param offset the new offset, unsigned
   * @return this transaction
   */
  Transaction setAddress(MemoryRegion region, long offset);

  /**
   * Gives a region another size.
   *
   * @param region a region without memory of its own, or {@linkplain RamBacking#resizable resizable} RAM
   * @param size the new size
   * @return this transaction
   */
  Transaction setSize(MemoryRegion region, Size size);

  /**
   * Enables or disables a region and everything in it. A disabled region is not part of the map, as if it were not
   * placed.
   *
   * @param region the region to change
   * @param enabled whether it takes part in the map
   * @return this transaction
   */
  Transaction setEnabled(MemoryRegion region, boolean enabled);

  /**
   * Refuses or allows writes through a region: to the region itself, and to regions of any kind that it contains or
   * aliases.
   *
   * @param region the region to change; ROM is read-only and stays so
   * @param readOnly whether writes are refused
   * @return this transaction
   */
  Transaction setReadOnly(MemoryRegion region, boolean readOnly);

  /**
   * Refuses or allows fetches of instructions through a region: from the region itself, and from regions of any kind
   * that it contains or aliases. Loads and stores are not affected.
   *
   * @param region the region to change
   * @param noFetch whether fetches are refused
   * @return this transaction
   */
  Transaction setNoFetch(MemoryRegion region, boolean noFetch);

  /**
   * Marks a region and everything in it as keeping its content without power.
   *
   * @param region the region to change
   * @param nonVolatile whether the region keeps its content without power
   * @return this transaction
   */
  Transaction setNonVolatile(MemoryRegion region, boolean nonVolatile);

  /**
   * Keeps neighbouring pieces of a region, and of what it contains, as separate sections.
   *
   * @param region the region to change
   * @param unmergeable whether neighbouring pieces stay separate sections
   * @return this transaction
   */
  Transaction setUnmergeable(MemoryRegion region, boolean unmergeable);

  /**
   * Sets the dirty clients that log writes to a memory.
   *
   * @param region the memory whose writes are logged
   * @param mask the {@linkplain DirtyClient#mask() bits} of the clients
   * @return this transaction
   * @throws MapException if the mask sets a bit that was clear and that no open client has
   */
  Transaction setDirtyLogMask(MemoryRegion.Memory region, int mask);

  /**
   * Starts the logging of writes to a memory for a client.
   *
   * @param region the memory whose writes are logged
   * @param client the client, besides those that log it already
   * @return this transaction
   * @throws MapException if the client is closed or of another memory system
   */
  Transaction startLog(MemoryRegion.Memory region, DirtyClient client);

  /**
   * Ends the logging of writes to a memory by a client. Dirty pages that the client has not taken stay marked.
   *
   * @param region the memory whose writes are logged
   * @param client the client that no longer logs the memory
   * @return this transaction
   * @throws MapException if the client is closed or of another memory system
   */
  Transaction stopLog(MemoryRegion.Memory region, DirtyClient client);

  /**
   * Changes the part of its target that an alias shows.
   *
   * @param alias the alias to change
   * @param targetOffset the offset of the target that shows at offset 0 of the alias, unsigned
   * @return this transaction
   */
  Transaction setAliasOffset(MemoryRegion.Alias alias, long targetOffset);

  /**
   * Sends a ROM device's reads to its memory or to its handler.
   *
   * @param device the ROM device to change
   * @param romdMode true for the memory
   * @return this transaction
   */
  Transaction setRomdMode(MemoryRegion.RomDevice device, boolean romdMode);

  /**
   * Adds a doorbell to a device: QEMU's ioeventfd. Nothing is rendered. It may already ring for stores of sections that
   * began before the commit.
   *
   * @param device the device whose stores ring the doorbell
   * @param doorbell the stores that match, and the action to run for them
   * @return this transaction
   * @throws MapException if the device has a doorbell for the same stores, or ends before the doorbell's offset
   */
  Transaction addDoorbell(MemoryRegion.Mmio device, Doorbell doorbell);

  /**
   * Removes a doorbell. Its action does not run any more once the commit is {@linkplain CommitTicket#quiesced()
   * quiesced}.
   *
   * @param device the device that has the doorbell
   * @param doorbell the one that was added
   * @return this transaction
   */
  Transaction removeDoorbell(MemoryRegion.Mmio device, Doorbell doorbell);

  /**
   * Coalesces stores that lie wholly in a range: they wait in a queue of the device. For registers that are written
   * often and matter only at the next access to the device. The queue is delivered in order before any other access to
   * the device, when it is full, and by {@link MemoryRegion.Mmio#flushCoalesced}. The device is then called in the
   * thread of that access, with its lock, its sizes and its byte order as for any other access, and with the attributes
   * of each store's initiator.
   *
   * @param device the device whose stores are coalesced
   * @param offsets the offsets in the device of the stores to coalesce, both inclusive
   * @return this transaction
   */
  Transaction addCoalesced(MemoryRegion.Mmio device, AddressRange offsets);

  /**
   * Removes all coalesced ranges of a device. Stores that are still queued are delivered before the next access to the
   * device.
   *
   * @param device the device whose stores are coalesced no more
   * @return this transaction
   */
  Transaction clearCoalesced(MemoryRegion.Mmio device);

  /**
   * Renders the map as a commit now would, without calling any listener and without changing anything.
   *
   * @return the changes of this transaction and of those it is nested in
   * @throws MapException if the map cannot be rendered
   */
  MapPlan plan();

  /**
   * Ends the transaction and keeps its changes. The outermost commit renders the changed views, calls the listeners,
   * publishes the new generation and returns without waiting for readers; see {@link MemoryListener} for the order.
   *
   * @return the ticket of the commit
   * @throws MapException if the map cannot be rendered, or a listener refuses or fails before publication; everything
   *     is then undone
   * @throws ListenerException if a listener fails after publication; the commit stands
   */
  CommitTicket commit();

  /**
   * Ends the transaction and undoes its changes, unless it was committed.
   *
   * @throws IllegalStateException if a transaction nested in this one was still open; the changes of both are undone,
   *     and both have ended
   */
  @Override
  void close();
}
