package io.flatview.examples.vhost.session;

import io.flatview.examples.vhost.host.Descriptor;
import io.flatview.examples.vhost.queue.InFlight;
import io.flatview.examples.vhost.queue.PackedInFlight;
import io.flatview.examples.vhost.wire.Message;
import io.flatview.examples.vhost.wire.ProtocolException;
import io.flatview.examples.virtio.PackedJournal;
import io.flatview.examples.virtio.QueueJournal;
import io.flatview.mapping.Mapping;
import io.flatview.mapping.Mappings;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The accounts of requests in flight, one a ring, in memory that the front end keeps when this process dies. Confined
 * to the session's thread.
 */
final class Accounts implements AutoCloseable {

  private final int rings;
  private Mapping memory;
  private int size;

  /**
   * No account is kept yet.
   *
   * @param rings how many rings there are
   */
  Accounts(int rings) {
    this.rings = rings;
  }

  /** A message's account, checked: of so many queues, of so many descriptors each. */
  private record Asked(int queues, int size, long bytes) {}

  private Asked asked(ByteBuffer payload, boolean packed) throws ProtocolException {
    int queues = Short.toUnsignedInt(payload.getShort(16));
    int descriptors = Short.toUnsignedInt(payload.getShort(18));
    boolean possible = packed ? descriptors > 0 : Integer.bitCount(descriptors) == 1;
    if (queues == 0 || queues > rings || !possible) {
      throw new ProtocolException("an account for " + queues + " queues of " + descriptors + " descriptors");
    }
    return new Asked(queues, descriptors, queues * bytes(descriptors, packed));
  }

  private static long bytes(int size, boolean packed) {
    return packed ? PackedInFlight.bytes(size) : InFlight.bytes(size);
  }

  /** The answer to a front end that asks for memory. */
  ByteBuffer answer(ByteBuffer payload, boolean packed, ByteBuffer into) throws ProtocolException {
    Asked asked = asked(payload, packed);
    return into.putLong(0, asked.bytes).putShort(16, (short) asked.queues).putShort(18, (short) asked.size);
  }

  /**
   * Keeps accounts from now on in memory that the front end has.
   *
   * @param idle ends the threads that use the accounts before
   */
  void set(Message message, boolean packed, Mappings mappings, Runnable idle) throws IOException {
    ByteBuffer payload = message.payload();
    Asked asked = asked(payload, packed);
    if (payload.getLong(0) != asked.bytes) {
      throw new ProtocolException("an account of " + Long.toUnsignedString(payload.getLong(0)) + " bytes; it has "
          + asked.bytes);
    }
    try (Descriptor file = message.take()) {
      Mapping next = file.map(mappings, payload.getLong(8), asked.bytes);
      idle.run();
      close();
      memory = next;
      size = asked.size;
    } catch (IOException e) {
      throw ProtocolException.of("the account cannot be mapped", e);
    }
  }

  /** The account of a split ring. */
  QueueJournal split(int ring, int descriptors) throws ProtocolException {
    MemorySegment own = own(ring, InFlight.bytes(size));
    if (own == null) {
      return QueueJournal.NONE;
    }
    InFlight account = new InFlight(own, size);
    check(ring, descriptors, account.isOfSize());
    return account;
  }

  /** The account of a packed ring. */
  PackedJournal packed(int ring, int descriptors) throws ProtocolException {
    MemorySegment own = own(ring, PackedInFlight.bytes(size));
    if (own == null) {
      return PackedJournal.NONE;
    }
    PackedInFlight account = new PackedInFlight(own, size);
    check(ring, descriptors, account.isOfSize());
    return account;
  }

  private MemorySegment own(int ring, long bytes) {
    boolean isKept = memory != null && (ring + 1) * bytes <= memory.byteSize();
    return isKept ? memory.segment().asSlice(ring * bytes, bytes) : null;
  }

  private void check(int ring, int descriptors, boolean isOfSize) throws ProtocolException {
    if (descriptors != size || !isOfSize) {
      throw new ProtocolException("ring " + ring + " of " + descriptors + " descriptors has an account of " + size);
    }
  }

  @Override
  public void close() {
    if (memory != null) {
      memory.close();
      memory = null;
    }
  }
}
