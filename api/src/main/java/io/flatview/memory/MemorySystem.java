package io.flatview.memory;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The memory of one machine: its regions, its address spaces, and the generations of their views.
 *
 * <p>Changes go through transactions. A commit renders the views that change, publishes the next generation of all
 * address spaces with one store, and retires what it replaced through the {@linkplain io.flatview.rcu.ReclaimPolicy
 * reclamation policy}; it does not wait for readers, unless that policy {@linkplain
 * io.flatview.rcu.BacklogPolicy#THROTTLE throttles} and its backlog is full.
 *
 * <p><b>Threading.</b> All methods may be called by any thread. In a device's callback, which may hold the device's
 * lock, transactions and the closing of regions and address spaces take effect when the access has ended. Methods that
 * may have to wait for another thread's transaction throw {@link IllegalStateException} there: those that make aliases
 * and address spaces, add and remove listeners, attach taps and watches, inspect, list spaces or leaks, and close the
 * memory system. That holds for the callback's own memory system. In another one a transaction begins at once, and
 * waits for that of another thread.
 *
 * <p><b>Circles.</b> An open transaction and each callback hold something: a listener its map, a device perhaps its own
 * lock, the notifier of an IOMMU or a discard listener its turn. If its thread waits for another memory system whose
 * transaction waits for that, directly or through further systems, they would wait for ever. Then the method that would
 * wait throws {@link IllegalStateException} at once; the message names the memory systems, the threads, and what each
 * has and waits for. Nothing is changed by it, and the other threads go on. The cure is to have another thread make the
 * call, or to make it after the callback. Where an access to a device closes the circle, that access fails with {@link
 * MemTxResult#ACCESS_ERROR} instead. Locks of the program's own are not seen; warnings name the thread that has a map
 * for long.
 */
public interface MemorySystem extends AutoCloseable {

  /**
   * Makes a container.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param size the size of the container; children that reach beyond it are clipped
   * @return a region without a parent
   */
  MemoryRegion.Container container(String name, Size size);

  /**
   * Makes RAM, whose bytes are zero: see {@link RamBacking#zeroed}.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param size the size of the memory
   * @return a region without a parent
   */
  default MemoryRegion.Ram ram(String name, Size size) {
    return ram(name, RamBacking.zeroed(size));
  }

  /**
   * Makes RAM with another backing: resizable, from a file, or the embedder's own memory.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param backing the origin of its bytes
   * @return a region without a parent; read-only for good if the backing is
   * @throws java.io.UncheckedIOException if a file cannot be mapped
   * @throws IllegalArgumentException if the file is shorter than the part asked for, or so much memory cannot be had
   * @throws IllegalStateException if the memory system is closed
   */
  MemoryRegion.Ram ram(String name, RamBacking backing);

  /**
   * Makes ROM, whose bytes are zero.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param size the size of the memory
   * @return a region without a parent
   */
  default MemoryRegion.Rom rom(String name, Size size) {
    return rom(name, RamBacking.zeroed(size));
  }

  /**
   * Makes ROM with another backing, such as an image in a file.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param backing the origin of its bytes
   * @return a region without a parent
   * @throws java.io.UncheckedIOException if a file cannot be mapped
   * @throws IllegalArgumentException if the file is shorter than the part asked for, or the memory is resizable
   */
  MemoryRegion.Rom rom(String name, RamBacking backing);

  /**
   * Makes a ROM device, in ROM mode.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param size the size of the memory
   * @param handler serves writes, and reads while ROM mode is off
   * @return a region without a parent
   */
  MemoryRegion.RomDevice romDevice(String name, Size size, MmioDevice handler);

  /**
   * Makes a device's registers.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param size the size of the registers
   * @param handler the device that is called for accesses
   * @return a region without a parent
   */
  MemoryRegion.Mmio mmio(String name, Size size, MmioDevice handler);

  /**
   * Makes a region at which every access is a decode error and no region below it shows.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param size the size of the region
   * @return a region without a parent
   */
  MemoryRegion.Reserved reserved(String name, Size size);

  /**
   * Makes a bank, which selects nothing.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param size the size of the bank; variants that reach beyond it are clipped
   * @param variants the number of variants that it can have, 1 to {@value MemoryRegion.Bank#MOST_VARIANTS}
   * @return a region without a parent and without variants
   * @throws IllegalArgumentException if it is to have none, or more
   */
  MemoryRegion.Bank bank(String name, Size size, int variants);

  /**
   * Makes a bank whose variants are the pages of a region, each shown through an alias named {@code name[number]}. It
   * selects nothing.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param size the size of the bank and of a page
   * @param pages the region whose pages show, such as a cartridge's ROM; the last page may be short
   * @return a region without a parent
   * @throws IllegalArgumentException if that would be no page, or more than 65,536
   */
  default MemoryRegion.Bank bank(String name, Size size, MemoryRegion pages) {
    return BankOfPages.make(this, name, size, pages);
  }

  /**
   * Makes a region that forwards each access to another address space.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param size the size of the region
   * @param translator maps offsets of the region to targets
   * @return a region without a parent
   */
  MemoryRegion.Iommu iommu(String name, Size size, IommuTranslator translator);

  /**
   * Makes an alias, a window on another region. An alias that reaches past its target is clipped. The target does not
   * keep its aliases: one that the program takes out of the map and drops needs no close, and the garbage collector
   * frees it.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param target the region that the alias shows; any kind, also another alias or an ancestor
   * @param targetOffset the offset of the target that shows at offset 0 of the alias, unsigned
   * @param size the size of the alias
   * @return a region without a parent
   */
  MemoryRegion.Alias alias(String name, MemoryRegion target, long targetOffset, Size size);

  /**
   * Opens an address space. It is rendered and published at once; inside a transaction of the calling thread it stays
   * empty until the transaction is committed, and is closed if the transaction is undone. No listener is called, since
   * the views of other spaces do not change.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param root the region that the address space shows
   * @return the address space
   * @throws MapException if the root cannot be rendered
   */
  default AddressSpace addressSpace(String name, MemoryRegion root) {
    return addressSpace(name, root, AddressSpaceOptions.DEFAULT);
  }

  /**
   * Opens an address space with options; otherwise like {@link
   * #addressSpace(String, MemoryRegion)}.
   *
   * @param name a name for people, in messages and dumps; need not be unique
   * @param root the region that the address space shows
   * @param options the options of the space, fixed for its lifetime
   * @return the address space
   * @throws MapException if the root cannot be rendered
   * @throws IllegalArgumentException if the root, at its {@linkplain MemoryRegion#address() address}, reaches beyond
   *     the last address of the space
   */
  AddressSpace addressSpace(String name, MemoryRegion root, AddressSpaceOptions options);

  /**
   * The open address spaces.
   *
   * @return in the order in which they were opened
   */
  List<AddressSpace> addressSpaces();

  /**
   * Begins a transaction, or one nested in the thread's own. Waits while another thread has one open.
   *
   * @return the transaction, to be closed by try-with-resources
   * @throws IllegalStateException if the memory system is closed, or the wait would never end, since threads wait for
   *     each other in a circle
   */
  Transaction begin();

  /**
   * Runs changes in a transaction and commits them; if they throw, nothing has changed.
   *
   * @param changes makes the changes in the given transaction; runs in the calling thread
   * @return the ticket of the commit
   */
  default CommitTicket update(Consumer<Transaction> changes) {
    try (Transaction transaction = begin()) {
      changes.accept(transaction);
      return transaction.commit();
    }
  }

  /**
   * The calling thread's own reader, made at its first use and released when the thread ends. It must not be closed.
   *
   * @return the implicit reader
   */
  MapReader reader();

  /**
   * Registers a reader, which is faster than {@link #reader()}; for long-running loops such as a vCPU's, and for
   * virtual threads that block now and then ({@link CommitTicket#quiesced()}). The calling thread is its first user. A
   * thread that builds a machine for other threads to run calls {@link MapReader#offline()} on it, and the thread that
   * runs it {@link MapReader#online()}: {@link io.flatview.rcu.Reader} says what else is allowed.
   *
   * @param name a name for reports of stalls
   * @return the reader, to be closed when its user ends
   */
  MapReader newReader(String name);

  /**
   * Makes a client of dirty logging; at most 32 are open at a time.
   *
   * @param name the name that tells clients apart, such as {@code vga}
   * @return the client, which logs nothing yet
   * @throws IllegalStateException if an open client has the name, or none of the 32 bits is free
   */
  DirtyClient dirtyClient(String name);

  /**
   * The generation in force.
   *
   * @return its number; each publication adds 1
   */
  long generation();

  /**
   * The generation, and the guest memory that this system holds.
   *
   * @return a snapshot
   */
  MemoryStatistics statistics();

  /**
   * Watches addresses of a space, whichever regions show there, now or after later commits; also holes. The map does
   * not change, and no listener is called. Accesses to other pages cost no more than without the tap. Accesses to a
   * watched page take a slower path that searches the taps of the page, and memory there is not {@linkplain
   * Translation#memory() handed out}. Windows that were mapped before are not watched. Readers call the tap from their
   * next section on, and a tap on a hole perhaps before that.
   *
   * @param space the address space to watch
   * @param filter the accesses for which the tap or watch is called
   * @param tap is called after each such access
   * @return the registration, which takes the tap out
   * @throws IllegalStateException inside a listener's or a device's callback, or if the space is closed
   * @throws MapException if the range begins beyond the last address of the space
   */
  TapRegistration tap(AddressSpace space, TapFilter filter, AccessTap tap);

  /**
   * Watches a region wherever it shows, also through aliases, in every address space; otherwise like {@link
   * #tap(AddressSpace, TapFilter, AccessTap)}.
   *
   * @param region any kind that answers accesses itself
   * @param filter the accesses for which the tap or watch is called; its range counts offsets in the region
   * @param tap is called after each such access
   * @return the registration, which takes the tap out
   * @throws IllegalArgumentException for a container or an alias, which answer nothing; watch the regions that they
   *     show
   * @throws IllegalStateException inside a listener's or a device's callback
   */
  TapRegistration tap(MemoryRegion region, TapFilter filter, AccessTap tap);

  /**
   * Watches addresses of a space before accesses are made, and may stop them; otherwise like {@linkplain
   * #tap(AddressSpace, TapFilter, AccessTap) a tap}.
   *
   * @param space the address space to watch
   * @param filter the accesses for which the tap or watch is called
   * @param watch is called before each such access
   * @return the registration, which takes the watch out
   * @throws IllegalStateException inside a listener's or a device's callback, or if the space is closed
   * @throws MapException if the range begins beyond the last address of the space
   */
  TapRegistration watch(AddressSpace space, TapFilter filter, AccessWatch watch);

  /**
   * Watches a region wherever it shows before accesses are made, and may stop them; otherwise like {@linkplain
   * #tap(MemoryRegion, TapFilter, AccessTap) a tap}.
   *
   * @param region any kind that answers accesses itself
   * @param filter the accesses for which the tap or watch is called; its range counts offsets in the region
   * @param watch is called before each such access
   * @return the registration, which takes the watch out
   * @throws IllegalArgumentException for a container or an alias, which answer nothing; watch the regions that they
   *     show
   * @throws IllegalStateException inside a listener's or a device's callback
   */
  TapRegistration watch(MemoryRegion region, TapFilter filter, AccessWatch watch);

  /**
   * Returns an inspector of the map.
   *
   * @return an inspector, which makes texts, documents and pictures of the map at each call
   */
  default MapInspector inspect() {
    return inspect(RegionLabels.NONE);
  }

  /**
   * Returns an inspector of the map, which adds labels of the embedder.
   *
   * @param labels the types and owners of regions
   * @return an inspector, which makes texts, documents and pictures of the map at each call
   */
  MapInspector inspect(RegionLabels labels);

  /**
   * Removes a region from its parent, and tells when no reader can reach it: QEMU's unplug.
   *
   * @param region a region that has a parent
   * @return completes when the device or memory behind the region may be closed, as {@link CommitTicket#quiesced()}
   *     does; inside a transaction, only after its commit
   */
  default CompletionStage<Void> detach(MemoryRegion region) {
    return update(changes -> changes.delSubregion(region)).quiesced();
  }

  /**
   * Resources that look forgotten: windows that have not ended, and open memory regions, and devices with doorbells,
   * that have no parent and that no alias or address space shows. The close of the memory system logs a warning for
   * each that is left, and for each listener that is still registered. Other regions hold no resources but heap memory.
   *
   * @return a snapshot; empty for a program that closes every region it takes out
   */
  List<Leak> leaks();

  /**
   * Closes the memory system: every address space, then everything it owns once no reader can see it. The reclamation
   * policy stays open, for its owner to close afterwards; until then it refuses to be closed. If another thread closes
   * it meanwhile or later, that does nothing; all other operations are refused.
   *
   * <p>A memory system that is dropped without being closed gives its guest memory back when the garbage collector
   * finds that neither a reader, a space, a region nor a segment of it can be reached, and a warning says where it was
   * made.
   *
   * @throws IllegalStateException in a device's or a listener's callback, or inside a transaction; nothing is closed
   *     then
   * @throws MapException if a listener refuses; nothing is closed then
   * @throws ListenerException if a listener fails afterwards; everything is closed
   */
  @Override
  void close();
}
