package io.flatview.examples.vhost.session;

import io.flatview.examples.vhost.host.Descriptor;
import io.flatview.examples.vhost.memory.GuestMemory;
import io.flatview.examples.vhost.memory.Iotlb;
import io.flatview.examples.vhost.memory.TableEntry;
import io.flatview.examples.vhost.wire.Message;
import io.flatview.examples.vhost.wire.ProtocolException;
import io.flatview.memory.AddressRange;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of a front end about memory: the table, the log of pages that are written, and the mappings of an IOMMU.
 * Confined to the session's thread.
 */
final class MemoryMessages {

  private static final int IOTLB_UPDATE = 2;
  private static final int IOTLB_INVALIDATE = 3;

  private final GuestMemory memory;
  private final Iotlb iotlb;
  private final ReclaimPolicy policy;
  private final Rings rings;

  /**
   * For a session.
   *
   * @param memory the memory that messages change
   * @param iotlb the IOTLB that messages change
   * @param policy by which readers of both are awaited
   * @param rings use what is mapped
   */
  MemoryMessages(GuestMemory memory, Iotlb iotlb, ReclaimPolicy policy, Rings rings) {
    this.memory = memory;
    this.iotlb = iotlb;
    this.policy = policy;
    this.rings = rings;
  }

  void setTable(Message message) throws IOException {
    ByteBuffer payload = message.payload();
    int count = payload.getInt();
    payload.position(8);
    if (count < 0 || payload.remaining() != count * 32L || message.descriptors() != count) {
      throw new ProtocolException("a table of " + Integer.toUnsignedString(count) + " pieces of memory with "
          + payload.remaining() + " bytes and " + message.descriptors() + " descriptors");
    }
    List<TableEntry> entries = new ArrayList<>();
    List<Descriptor> files = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        files.add(message.take());
        entries.add(entry(payload));
      }
      memory.replace(entries, files);
    } finally {
      files.forEach(Descriptor::close);
    }
  }

  void add(Message message) throws IOException {
    TableEntry entry = entry(message.payload().position(8));
    try (Descriptor file = message.take()) {
      memory.add(entry, file);
    }
  }

  void remove(Message message) throws IOException {
    memory.remove(entry(message.payload().position(8)));
  }

  private static TableEntry entry(ByteBuffer payload) throws ProtocolException {
    long guest = payload.getLong();
    long bytes = payload.getLong();
    long frontEnd = payload.getLong();
    return TableEntry.of(guest, bytes, frontEnd, payload.getLong());
  }

  void setLog(Message message) throws IOException {
    ByteBuffer payload = message.payload();
    if (payload.remaining() < 16 || message.descriptors() == 0) {
      throw new ProtocolException("a log without memory; a descriptor is wanted, as LOG_SHMFD has it");
    }
    long bytes = payload.getLong();
    try (Descriptor file = message.take()) {
      memory.setLog(file.map(memory.mappings(), payload.getLong(), bytes));
    } catch (IOException e) {
      throw ProtocolException.of("the log cannot be mapped", e);
    }
  }

  /** An invalidation is acknowledged when neither a reader nor a request uses what was mapped. */
  void changeIotlb(ByteBuffer payload) throws ProtocolException {
    long first = payload.getLong();
    long bytes = payload.getLong();
    long frontEnd = payload.getLong();
    int permissions = payload.get();
    int type = payload.get();
    AddressRange range = virtual(first, bytes);
    if (type == IOTLB_UPDATE) {
      iotlb.update(range, frontEnd, permissions & 3);
    } else if (type == IOTLB_INVALIDATE) {
      iotlb.invalidate(range);
      policy.synchronize();
      rings.awaitServed();
    } else {
      throw new ProtocolException("an IOTLB message of type " + type);
    }
  }

  /** Of any length: QEMU invalidates all that lies behind an address, and all there is with a length that is 0. */
  private static AddressRange virtual(long first, long bytes) throws ProtocolException {
    if (Long.compareUnsigned(bytes - 1, -1 - first) > 0) {
      throw new ProtocolException(Long.toUnsignedString(bytes) + " bytes at I/O virtual address "
          + AddressRange.hex(first));
    }
    return new AddressRange(first, first + (bytes - 1));
  }
}
