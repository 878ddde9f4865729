package io.flatview.dispatch;

import io.flatview.dispatch.dirty.DirtyLog;
import io.flatview.dispatch.ram.RamAllocator;
import io.flatview.dispatch.topology.MemoryNode;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.DirtySink;
import io.flatview.memory.DirtySnapshot;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The names and bits of the open clients of dirty logging, as many as {@link DirtyLog} can keep apart. Thread-safe. */
final class DirtyClients {

  private static final Client[] NONE = {};

  private final RamAllocator allocator;

  /** The open clients, each at the index of its bit, with null at bits that are free. */
  private Client[] clients = NONE;

  DirtyClients(RamAllocator allocator) {
    this.allocator = allocator;
  }

  synchronized DirtyClient open(String name) {
    int free = -1;
    for (int bit = clients.length - 1; bit >= 0; bit--) {
      if (clients[bit] == null) {
        free = bit;
      } else if (clients[bit].name.equals(name)) {
        throw new IllegalStateException("a dirty client named '" + name + "' is open, with mask 0x"
            + Integer.toHexString(clients[bit].mask()) + "; close it first, or use another name");
      }
    }
    return open(name, free < 0 ? oneMore(name) : free);
  }

  private DirtyClient open(String name, int bit) {
    clients[bit] = new Client(name, bit);
    return clients[bit];
  }

  /** Makes room for one client more, and returns its bit. */
  private int oneMore(String name) {
    int bit = clients.length;
    if (bit == DirtyLog.CLIENTS) {
      throw new IllegalStateException("no bit is left for dirty client '" + name + "': " + bit
          + " are open; close one");
    }
    clients = Arrays.copyOf(clients, bit + 1);
    return bit;
  }

  /** The bits of the clients that are open. */
  synchronized int open() {
    int mask = 0;
    for (int bit = 0; bit < clients.length; bit++) {
      if (clients[bit] != null) {
        mask |= 1 << bit;
      }
    }
    return mask;
  }

  /** Refuses a client that is closed or of another memory system. */
  void require(DirtyClient client, RegionNode memory) {
    if (!(client instanceof Client own) || !own.isOf(this)) {
      throw new MapException(MapFault.Id.DIRTY_CLIENT, client + " is of another memory system and cannot log memory "
          + memory + "; make a client with this one");
    }
    if (!isOpen(own)) {
      throw new MapException(MapFault.Id.DIRTY_CLIENT,
          client + " is closed and cannot log memory " + memory + "; make a new one");
    }
  }

  /** Closes a client. Its bit becomes free for another client only after its marks are cleared. */
  private synchronized void close(Client client) {
    if (clients[client.bit] == client) {
      allocator.clearDirty(client.bit);
      clients[client.bit] = null;
    }
  }

  private synchronized boolean isOpen(Client client) {
    return clients[client.bit] == client;
  }

  /** One client. */
  private final class Client implements DirtyClient {

    private final String name;
    private final int bit;

    Client(String name, int bit) {
      this.name = name;
      this.bit = bit;
    }

    private boolean isOf(DirtyClients owner) {
      return DirtyClients.this == owner;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int mask() {
      return 1 << bit;
    }

    @Override
    public DirtySnapshot snapshotAndClear(MemoryRegion.Memory region) {
      return snapshotAndClear(region, 0, region.size().toBytes());
    }

    @Override
    public DirtySnapshot snapshotAndClear(MemoryRegion.Memory region, long offset, long length) {
      refuseClosed();
      MemoryNode node = own(region);
      node.check(offset, length);
      if (length == 0) {
        return new DirtySnapshot(region, offset, pageSize(node), new BitSet());
      }
      DirtyLog log = node.ram().dirty();
      long first = offset >>> log.pageBits();
      long last = offset + length - 1 >>> log.pageBits();
      refuseTooMany(node, new AddressRange(offset, offset + length - 1));
      return new DirtySnapshot(region, first << log.pageBits(), pageSize(node), log.take(bit, first, last));
    }

    @Override
    public void putBack(DirtySnapshot taken) {
      refuseClosed();
      MemoryNode node = own(taken.region());
      node.check(0, 0);
      long end = node.ram().maximum().toBytes();
      taken.ranges().filter(range -> Long.compareUnsigned(range.first(), end) < 0)
          .forEach(range -> node.ram().dirty().mark(range.first(), length(range, end), mask()));
    }

    private static long length(AddressRange range, long end) {
      return (Long.compareUnsigned(range.last(), end) < 0 ? range.last() + 1 : end) - range.first();
    }

    /** Refuses memory of another memory system. */
    private MemoryNode own(MemoryRegion.Memory region) {
      MemoryNode node = (MemoryNode) RegionNode.of(region);
      if (!node.ram().isOf(allocator)) {
        throw new IllegalArgumentException(
            "region " + node + " belongs to another memory system than " + this + "; use a client of that one");
      }
      return node;
    }

    private static long pageSize(MemoryNode node) {
      return 1L << node.ram().dirty().pageBits();
    }

    @Override
    public List<DirtySnapshot> snapshotAndClear(AddressSpace space, AddressRange range) {
      refuseClosed();
      Map<MemoryRegion.Memory, List<AddressRange>> shown = new LinkedHashMap<>();
      possible(space).forEach(section -> {
        if (section.region() instanceof MemoryRegion.Memory memory) {
          section.range().intersect(range).ifPresent(part -> shown.computeIfAbsent(memory, _ -> new ArrayList<>())
              .add(new AddressRange(section.offsetOf(part.first()), section.offsetOf(part.last()))));
        }
      });
      shown.forEach((memory, parts) -> refuseTooMany(own(memory), hull(parts)));
      return shown.entrySet().stream()
          .map(entry -> snapshot(entry.getKey(), entry.getValue()))
          .filter(snapshot -> !snapshot.isEmpty())
          .toList();
    }

    /**
     * The sections of a view, with those of all selections of banks, since any of them may have been selected since the
     * last snapshot.
     */
    private static Stream<MemoryRegionSection> possible(AddressSpace space) {
      return space.flatView().sections().stream().flatMap(MemoryRegionSection::possible)
          .sorted(Comparator.comparing(section -> section.range().first(), Long::compareUnsigned));
    }

    private static AddressRange hull(List<AddressRange> offsets) {
      return new AddressRange(offsets.stream().mapToLong(AddressRange::first).min().orElseThrow(),
          offsets.stream().mapToLong(AddressRange::last).max().orElseThrow());
    }

    /** Refuses a range with more pages than a snapshot can number with an {@code int}. */
    private static void refuseTooMany(MemoryNode node, AddressRange offsets) {
      int bits = node.ram().dirty().pageBits();
      long pages = (offsets.last() >>> bits) - (offsets.first() >>> bits) + 1;
      if (pages > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("offsets " + offsets + " of region " + node + " are " + pages + " pages of "
            + pageSize(node) + " bytes, and a snapshot holds " + Integer.MAX_VALUE + "; take snapshots of parts of 0x"
            + Long.toHexString((long) Integer.MAX_VALUE - 1 << bits) + " bytes or less");
      }
    }

    /** Takes the marks of several parts of one memory. */
    private DirtySnapshot snapshot(MemoryRegion.Memory region, List<AddressRange> parts) {
      DirtyLog log = ((MemoryNode) region).ram().dirty();
      long lowest = hull(parts).first() >>> log.pageBits();
      BitSet pages = new BitSet();
      for (AddressRange part : parts) {
        long first = part.first() >>> log.pageBits();
        log.take(bit, first, part.last() >>> log.pageBits()).stream()
            .forEach(page -> pages.set((int) (first - lowest) + page));
      }
      return new DirtySnapshot(region, lowest << log.pageBits(), pageSize((MemoryNode) region), pages);
    }

    @Override
    public void markInto(MemoryRegion.Memory region, DirtySink sink) {
      Objects.requireNonNull(sink, "sink");
      refuseClosed();
      MemoryNode node = own(region);
      node.check(0, 0);
      if ((node.dirtyLogMask() & mask()) != 0 || !node.ram().dirty().divert(bit, sink)) {
        throw new IllegalStateException(this + " logs memory " + node + " already, or has a sink for it; give its marks"
            + " to one sink, before it logs");
      }
    }

    private void refuseClosed() {
      if (!isOpen(this)) {
        throw new IllegalStateException("dirty client '" + name + "' is closed; make a new one");
      }
    }

    @Override
    public void close() {
      DirtyClients.this.close(this);
    }

    @Override
    public String toString() {
      return "dirty client '" + name + "'";
    }
  }
}
