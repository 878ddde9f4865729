package io.flatview.examples.vhost.memory;

import io.flatview.examples.vhost.host.Descriptor;
import io.flatview.examples.vhost.wire.ProtocolException;
import io.flatview.mapping.Mapping;
import io.flatview.mapping.Mappings;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A front end's table of memory as a map of three address spaces: that of the guest's physical addresses; that of the
 * front end's own addresses, which it uses for rings; and that of I/O virtual addresses, which an IOMMU leads to the
 * front end's.
 *
 * <p>Each change of the table is one transaction. Memory that goes is unmapped when no reader and no window uses it any
 * more, and its change does not wait for that. Changes are made by one thread; the spaces are read by any.
 */
public final class GuestMemory implements AutoCloseable {

  /** As many pieces as there may be. */
  public static final int MOST_SLOTS = 512;

  private static final long CLOSE_PATIENCE_SECONDS = 10;

  private final MemorySystem memory;
  private final ReclaimPolicy policy;
  private final Mappings mappings;
  private final MemoryRegion.Container guestRoot;
  private final MemoryRegion.Container frontEndRoot;
  private final AddressSpace guest;
  private final AddressSpace frontEnd;
  private final AddressSpace virtual;
  private final DirtyBits dirtyBits;
  private List<Slot> slots = List.of();
  private DirtyClient logging;

  /** A piece that is in the map. */
  private record Slot(TableEntry entry, Mapping mapping, MemoryRegion.Ram ram, MemoryRegion.Alias alias) {}

  /**
   * No memory yet.
   *
   * @param memory where it goes; closed with this
   * @param policy by which it reclaims
   * @param iommu the translator of I/O virtual addresses to {@link #frontEnd()}
   */
  public GuestMemory(MemorySystem memory, ReclaimPolicy policy, IommuTranslator iommu) {
    this.memory = memory;
    this.policy = policy;
    mappings = Mappings.of(policy);
    guestRoot = memory.container("guest", Size.FULL);
    frontEndRoot = memory.container("front-end", Size.FULL);
    guest = memory.addressSpace("guest", guestRoot);
    frontEnd = memory.addressSpace("front-end", frontEndRoot);
    virtual = memory.addressSpace("virtual", memory.iommu("iommu", Size.FULL, iommu));
    dirtyBits = new DirtyBits(memory);
  }

  /**
   * The map.
   *
   * @return where readers come from
   */
  public MemorySystem memory() {
    return memory;
  }

  /**
   * The address space of the guest's physical addresses.
   *
   * @return the space
   */
  public AddressSpace guest() {
    return guest;
  }

  /**
   * The address space of the front end's addresses.
   *
   * @return the space
   */
  public AddressSpace frontEnd() {
    return frontEnd;
  }

  /**
   * The address space of I/O virtual addresses.
   *
   * @return the space
   */
  public AddressSpace virtual() {
    return virtual;
  }

  /**
   * The mapper of descriptors for this table.
   *
   * @return by the policy of the map
   */
  public Mappings mappings() {
    return mappings;
  }

  /**
   * Replaces the whole table.
   *
   * @param entries the new one
   * @param files a descriptor for each, which may be closed afterwards
   * @throws ProtocolException if two overlap, or one cannot be mapped; nothing has changed then
   */
  public void replace(List<TableEntry> entries, List<Descriptor> files) throws ProtocolException {
    for (int i = 0; i < entries.size(); i++) {
      checkFree(entries.get(i), entries.subList(0, i));
    }
    change(slots, entries, files);
  }

  /**
   * Adds a piece.
   *
   * @param entry the entry of the table
   * @param file its descriptor, which may be closed afterwards
   * @throws ProtocolException if it overlaps another, there are too many, or it cannot be mapped; nothing has changed
   *     then
   */
  public void add(TableEntry entry, Descriptor file) throws ProtocolException {
    if (slots.size() == MOST_SLOTS) {
      throw new ProtocolException("there are " + MOST_SLOTS + " pieces of memory already");
    }
    checkFree(entry, slots.stream().map(Slot::entry).toList());
    change(List.of(), List.of(entry), List.of(file));
  }

  private static void checkFree(TableEntry entry, List<TableEntry> others) throws ProtocolException {
    for (TableEntry other : others) {
      if (entry.overlaps(other)) {
        throw new ProtocolException("memory at " + entry + " overlaps that at " + other);
      }
    }
  }

  /**
   * Removes a piece.
   *
   * @param entry where it is; its place in the file means nothing
   * @throws ProtocolException if there is none
   */
  public void remove(TableEntry entry) throws ProtocolException {
    Slot slot = slots.stream().filter(each -> each.entry.isSamePlace(entry)).findFirst()
        .orElseThrow(() -> new ProtocolException("there is no memory at " + entry));
    change(List.of(slot), List.of(), List.of());
  }

  private void change(List<Slot> less, List<TableEntry> entries, List<Descriptor> files) throws ProtocolException {
    List<Slot> more = map(entries, files);
    try {
      memory.update(tx -> {
        less.forEach(slot -> tx.delSubregion(slot.ram).delSubregion(slot.alias));
        more.forEach(slot -> show(tx, slot));
      });
    } catch (Throwable e) {
      more.forEach(this::letGo);
      throw e;
    }
    List<Slot> after = new ArrayList<>(slots);
    after.removeAll(less);
    after.addAll(more);
    slots = List.copyOf(after);
    less.forEach(this::letGo);
  }

  private void show(Transaction tx, Slot slot) {
    tx.addSubregion(guestRoot, slot.entry.guest().first(), slot.ram);
    tx.addSubregion(frontEndRoot, slot.entry.frontEnd().first(), slot.alias);
    if (logging != null) {
      tx.startLog(slot.ram, logging);
    }
  }

  private List<Slot> map(List<TableEntry> entries, List<Descriptor> files) throws ProtocolException {
    List<Slot> made = new ArrayList<>();
    try {
      for (int i = 0; i < entries.size(); i++) {
        made.add(map(entries.get(i), files.get(i)));
      }
      return made;
    } catch (Throwable e) {
      made.forEach(this::letGo);
      throw e;
    }
  }

  private Slot map(TableEntry entry, Descriptor file) throws ProtocolException {
    if (logging != null && !dirtyBits.holds(entry.guest())) {
      throw new ProtocolException("the dirty log has no bits for memory at " + entry);
    }
    Mapping mapping;
    try {
      mapping = file.map(mappings, entry.fileOffset(), entry.bytes());
    } catch (IOException e) {
      throw new ProtocolException("memory at " + entry + " cannot be mapped", e);
    }
    try {
      return slot(entry, mapping);
    } catch (Throwable e) {
      mapping.close();
      throw e;
    }
  }

  private Slot slot(TableEntry entry, Mapping mapping) {
    String name = "memory@" + Long.toHexString(entry.guest().first());
    MemoryRegion.Ram ram = memory.ram(name, RamBacking.of(mapping.segment()));
    ram.released().thenRun(mapping::close);
    if (logging != null) {
      mark(logging, ram, entry);
    }
    return new Slot(entry, mapping, ram, memory.alias(name, ram, 0, Size.bytes(entry.bytes())));
  }

  private void letGo(Slot slot) {
    slot.alias.close();
    slot.ram.close();
  }

  /**
   * Says where pages are marked from now on. Returns when no writer marks the log before any more.
   *
   * @param log the new one, owned by this from now on; or null for none
   * @throws ProtocolException if it has no bits for some memory; it is closed then
   */
  public void setLog(Mapping log) throws ProtocolException {
    for (Slot slot : logging == null ? List.<Slot>of() : slots) {
      if (!DirtyBits.holds(log, slot.entry.guest())) {
        close(log);
        throw new ProtocolException("the dirty log has no bits for memory at " + slot.entry);
      }
    }
    Mapping before = dirtyBits.set(log);
    if (before != null) {
      policy.synchronize();
      before.close();
    }
  }

  private static void close(Mapping log) {
    if (log != null) {
      log.close();
    }
  }

  /**
   * Begins or ends to mark pages that are written. Returns when every writer does as it says.
   *
   * @param on whether pages are marked
   * @throws ProtocolException if there is no log, or it has no bits for some memory
   */
  public void setLogging(boolean on) throws ProtocolException {
    if (on && logging == null) {
      startLogging();
    } else if (!on && logging != null) {
      DirtyClient before = logging;
      logging = null;
      awaitReaders(memory.update(tx -> slots.forEach(slot -> tx.stopLog(slot.ram, before))));
      before.close();
    }
  }

  private void startLogging() throws ProtocolException {
    for (Slot slot : slots) {
      if (!dirtyBits.holds(slot.entry.guest())) {
        throw new ProtocolException("the dirty log has no bits for memory at " + slot.entry);
      }
    }
    DirtyClient client = memory.dirtyClient("front-end");
    slots.forEach(slot -> mark(client, slot.ram, slot.entry));
    awaitReaders(memory.update(tx -> slots.forEach(slot -> tx.startLog(slot.ram, client))));
    logging = client;
  }

  private void mark(DirtyClient client, MemoryRegion.Ram ram, TableEntry entry) {
    long first = entry.guest().first();
    client.markInto(ram, (offset, length) -> dirtyBits.mark(first + offset, length));
  }

  private static void awaitReaders(CommitTicket ticket) {
    ticket.quiesced().toCompletableFuture().join();
  }

  /** Unmaps everything, and waits for that, for some seconds at most. No reader may be open. */
  @Override
  public void close() {
    List<CompletableFuture<Void>> releases =
        slots.stream().map(slot -> slot.mapping.released().toCompletableFuture()).toList();
    memory.close();
    CompletableFuture.allOf(releases.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, CLOSE_PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    close(dirtyBits.set(null));
  }
}
