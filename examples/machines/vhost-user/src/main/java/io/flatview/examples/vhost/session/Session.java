package io.flatview.examples.vhost.session;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.flatview.examples.vhost.host.Descriptor;
import io.flatview.examples.vhost.host.Event;
import io.flatview.examples.vhost.host.UnixSocket;
import io.flatview.examples.vhost.memory.GuestMemory;
import io.flatview.examples.vhost.memory.Iotlb;
import io.flatview.examples.vhost.memory.TableEntry;
import io.flatview.examples.vhost.queue.QueueCounters;
import io.flatview.examples.vhost.wire.BackEndChannel;
import io.flatview.examples.vhost.wire.Connection;
import io.flatview.examples.vhost.wire.Message;
import io.flatview.examples.vhost.wire.ProtocolException;
import io.flatview.examples.vhost.wire.Request;
import io.flatview.examples.virtio.VirtQueue;
import io.flatview.examples.virtio.VirtioDevice;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A session with a front end, which is not trusted: from its first message to the end of the connection, in one thread.
 *
 * <p>What a message asks for is checked before anything changes. If it cannot be, the front end learns so where it asks
 * to ({@code REPLY_ACK}), and the session goes on; otherwise the session ends, as the front end would go on with what
 * is not so. What is no message at all ends it, too.
 */
public final class Session implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Session.class.getName());
  private static final int INDEX_MASK = 0xff;
  private static final int NO_DESCRIPTOR = 0x100;
  private static final int IOTLB_UPDATE = 2;
  private static final int IOTLB_INVALIDATE = 3;

  private final VirtioDevice device;
  private final ReclaimPolicy policy;
  private final QueueCounters counters;
  private final Connection connection;
  private final Iotlb iotlb = new Iotlb();
  private final GuestMemory memory;
  private final List<Ring> rings = new ArrayList<>();
  private final Accounts accounts;
  private final Environment environment = new Environment();
  private long features;
  private long protocolFeatures;
  private volatile BackEndChannel channel;

  /**
   * A session that has heard nothing.
   *
   * @param socket the connection, closed with the session
   * @param device serves the requests; stays open
   * @param memory the map of this session, closed with it
   * @param policy by which that reclaims
   * @param counters are counted in
   */
  public Session(
      UnixSocket socket, VirtioDevice device, MemorySystem memory, ReclaimPolicy policy, QueueCounters counters) {
    this.connection = new Connection(socket);
    this.device = device;
    this.policy = policy;
    this.counters = counters;
    this.memory = new GuestMemory(memory, policy, iotlb);
    this.accounts = new Accounts(device.queues());
    iotlb.leadTo(this.memory.frontEnd());
    for (int i = 0; i < device.queues(); i++) {
      rings.add(new Ring(i, environment, policy));
    }
  }

  /** What rings get of the session. */
  private final class Environment implements Ring.Environment {

    @Override
    public VirtioDevice device() {
      return device;
    }

    @Override
    public MemorySystem memory() {
      return memory.memory();
    }

    @Override
    public Iotlb iotlb() {
      return iotlb;
    }

    @Override
    public void ask(Iotlb.Miss miss) throws IOException {
      BackEndChannel present = channel;
      if (present == null) {
        throw new IOException("there is no connection to ask the front end on");
      }
      present.miss(miss.address(), miss.access().writes() ? 2 : 1);
    }

    @Override
    public QueueCounters counters() {
      return counters;
    }

    @Override
    public long features() {
      return features;
    }

    @Override
    public AddressSpace ringSpace() {
      return isBehindIommu() ? memory.virtual() : memory.frontEnd();
    }

    @Override
    public AddressSpace bufferSpace() {
      return isBehindIommu() ? memory.virtual() : memory.guest();
    }

    @Override
    public boolean isBehindIommu() {
      return Session.this.isBehindIommu();
    }

    @Override
    public Accounts accounts() {
      return accounts;
    }
  }

  private boolean isBehindIommu() {
    return (features & Features.ACCESS_PLATFORM) != 0;
  }

  /** Serves the front end until it closes the connection, {@link #stop()}, or a mistake that ends the session. */
  public void run() {
    try {
      while (true) {
        try (Message message = connection.receive()) {
          if (message == null) {
            return;
          }
          serve(message);
        }
      }
    } catch (IOException e) {
      LOG.log(WARNING, "a session ends: " + e.getMessage());
    }
  }

  /** Ends the session soon. Any thread may call this. */
  public void stop() {
    connection.shutDown();
  }

  private void serve(Message message) throws IOException {
    LOG.log(DEBUG, () -> message.request() + " with " + message.payload().remaining() + " bytes");
    boolean acknowledged = message.needsReply() && (protocolFeatures & Features.REPLY_ACK) != 0;
    boolean replied;
    try {
      replied = handle(message);
    } catch (ProtocolException e) {
      if (!acknowledged) {
        throw e;
      }
      LOG.log(WARNING, "refused: " + e.getMessage());
      reply(message.request(), 1);
      return;
    }
    if (acknowledged && !replied) {
      reply(message.request(), 0);
    }
  }

  /** Whether a reply was sent. */
  private boolean handle(Message message) throws IOException {
    ByteBuffer payload = message.payload();
    switch (message.request()) {
      case GET_FEATURES -> reply(message.request(), offered());
      case SET_FEATURES -> setFeatures(payload.getLong());
      case GET_PROTOCOL_FEATURES -> reply(message.request(), Features.OFFERED);
      case SET_PROTOCOL_FEATURES -> setProtocolFeatures(payload.getLong());
      case SET_OWNER, RESET_OWNER, SET_LOG_FD -> { }
      case GET_QUEUE_NUM -> reply(message.request(), rings.size());
      case GET_MAX_MEM_SLOTS -> reply(message.request(), GuestMemory.MOST_SLOTS);
      case SET_MEM_TABLE -> setTable(message);
      case ADD_MEM_REG -> addMemory(message);
      case REM_MEM_REG -> memory.remove(entry(payload.position(8)));
      case SET_LOG_BASE -> setLog(message);
      case SET_VRING_NUM -> ring(payload.getInt()).setSize(payload.getInt());
      case SET_VRING_ADDR -> setAddresses(payload);
      case SET_VRING_BASE -> ring(payload.getInt()).setBase(payload.getInt());
      case GET_VRING_BASE -> getBase(payload.getInt());
      case SET_VRING_KICK -> setKick(message);
      case SET_VRING_CALL -> ring(index(payload)).setCall(event(message));
      case SET_VRING_ERR -> ring(index(payload)).setError(event(message));
      case SET_VRING_ENABLE -> setEnabled(payload);
      case SET_BACKEND_REQ_FD -> setChannel(message.take());
      case IOTLB_MSG -> changeIotlb(payload);
      case GET_CONFIG -> getConfiguration(payload);
      case SET_CONFIG -> throw new ProtocolException("the configuration is constant");
      case GET_INFLIGHT_FD -> getInFlight(payload);
      case SET_INFLIGHT_FD -> setInFlight(message);
      case RESET_DEVICE -> rings.forEach(Ring::reset);
    }
    return switch (message.request()) {
      case GET_FEATURES, GET_PROTOCOL_FEATURES, GET_QUEUE_NUM, GET_MAX_MEM_SLOTS, SET_LOG_BASE, GET_VRING_BASE,
          GET_CONFIG, GET_INFLIGHT_FD -> true;
      default -> false;
    };
  }

  private void reply(Request to, long value) throws IOException {
    connection.reply(to, buffer(8).putLong(0, value), List.of());
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  // Features

  private long offered() {
    return device.features() | VirtQueue.INDIRECT_DESCRIPTORS | VirtQueue.EVENT_INDEX | VirtQueue.PACKED_RING
        | Features.LOG_ALL | Features.PROTOCOL_FEATURES | Features.VERSION_1 | Features.ACCESS_PLATFORM;
  }

  private void setFeatures(long wanted) throws IOException {
    checkOffered(wanted, offered());
    boolean only = (features ^ wanted) == Features.LOG_ALL;
    memory.setLogging((wanted & Features.LOG_ALL) != 0);
    if (!only && wanted != features) {
      rings.forEach(Ring::pause);
    }
    features = wanted;
    for (Ring ring : rings) {
      if ((wanted & Features.PROTOCOL_FEATURES) == 0) {
        ring.setEnabled(true);
      }
      ring.resume();
    }
  }

  private void setProtocolFeatures(long wanted) throws ProtocolException {
    checkOffered(wanted, Features.OFFERED);
    protocolFeatures = wanted;
  }

  private static void checkOffered(long wanted, long offered) throws ProtocolException {
    if ((wanted & ~offered) != 0) {
      throw new ProtocolException("features 0x" + Long.toHexString(wanted & ~offered) + " were not offered");
    }
  }

  // Memory

  private void setTable(Message message) throws IOException {
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

  private void addMemory(Message message) throws IOException {
    TableEntry entry = entry(message.payload().position(8));
    try (Descriptor file = message.take()) {
      memory.add(entry, file);
    }
  }

  private static TableEntry entry(ByteBuffer payload) throws ProtocolException {
    long guest = payload.getLong();
    long bytes = payload.getLong();
    long frontEnd = payload.getLong();
    return TableEntry.of(guest, bytes, frontEnd, payload.getLong());
  }

  private void setLog(Message message) throws IOException {
    ByteBuffer payload = message.payload();
    if (payload.remaining() < 16 || message.descriptors() == 0) {
      throw new ProtocolException("a log without memory; a descriptor is wanted, as LOG_SHMFD has it");
    }
    long bytes = payload.getLong();
    try (Descriptor file = message.take()) {
      memory.setLog(file.map(memory.mappings(), payload.getLong(), bytes));
    } catch (ProtocolException e) {
      throw e;
    } catch (IOException e) {
      throw new ProtocolException("the log cannot be mapped", e);
    }
    reply(Request.SET_LOG_BASE, 0);
  }

  private void setChannel(Descriptor socket) {
    closeChannel();
    channel = new BackEndChannel(UnixSocket.of(socket));
  }

  private void closeChannel() {
    BackEndChannel before = channel;
    channel = null;
    if (before != null) {
      before.close();
    }
  }

  /** An invalidation is acknowledged when neither a reader nor a request uses what was mapped. */
  private void changeIotlb(ByteBuffer payload) throws ProtocolException {
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
      rings.forEach(Ring::awaitServed);
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

  // Rings

  private Ring ring(int index) throws ProtocolException {
    if (index < 0 || index >= rings.size()) {
      throw new ProtocolException("ring " + Integer.toUnsignedString(index) + " of " + rings.size());
    }
    return rings.get(index);
  }

  private static int index(ByteBuffer payload) {
    return (int) payload.getLong(0) & INDEX_MASK;
  }

  private void setAddresses(ByteBuffer payload) throws IOException {
    Ring ring = ring(payload.getInt(0));
    payload.position(8);
    long descriptors = payload.getLong();
    long used = payload.getLong();
    ring.setAddresses(descriptors, payload.getLong(), used);
  }

  private void getBase(int index) throws IOException {
    int base = ring(index).stop();
    connection.reply(Request.GET_VRING_BASE, buffer(8).putInt(0, index).putInt(4, base), List.of());
  }

  private void setKick(Message message) throws IOException {
    ring(index(message.payload())).setKick(event(message));
  }

  private void setEnabled(ByteBuffer payload) throws IOException {
    Ring ring = ring(payload.getInt());
    int enabled = payload.getInt();
    if (enabled != 0 && enabled != 1) {
      throw new ProtocolException("a ring is enabled by 1 and not by " + Integer.toUnsignedString(enabled));
    }
    ring.setEnabled(enabled == 1);
  }

  /** The event of a message, or null if it says that there is none. */
  private Event event(Message message) throws IOException {
    ring(index(message.payload()));
    if ((message.payload().getLong(0) & NO_DESCRIPTOR) != 0) {
      return null;
    }
    try {
      return Event.of(message.take());
    } catch (ProtocolException e) {
      throw e;
    } catch (IOException e) {
      throw new ProtocolException(message.request() + " cannot be", e);
    }
  }

  // The device

  /** A part that is not there has a reply without a payload. */
  private void getConfiguration(ByteBuffer payload) throws IOException {
    int offset = payload.getInt(0);
    int size = payload.getInt(4);
    int most = device.configurationBytes();
    if (offset < 0 || size < 0 || size != payload.limit() - 12 || offset > most || size > most - offset) {
      connection.reply(Request.GET_CONFIG, buffer(0), List.of());
      return;
    }
    ByteBuffer answer = buffer(payload.limit()).putInt(0, offset).putInt(4, size);
    for (int i = 0; i < size; i++) {
      answer.put(12 + i, device.configuration(offset + i));
    }
    connection.reply(Request.GET_CONFIG, answer, List.of());
  }

  // Requests in flight

  private boolean isPacked() {
    return (features & VirtQueue.PACKED_RING) != 0;
  }

  private void getInFlight(ByteBuffer payload) throws IOException {
    ByteBuffer answer = accounts.answer(payload, isPacked(), buffer(payload.limit()));
    try (Descriptor file = Descriptor.memoryFile("vhost-in-flight", answer.getLong(0))) {
      connection.reply(Request.GET_INFLIGHT_FD, answer, List.of(file));
    }
  }

  private void setInFlight(Message message) throws IOException {
    accounts.set(message, isPacked(), memory.mappings(), () -> rings.forEach(Ring::pause));
    for (Ring ring : rings) {
      ring.resume();
    }
  }

  /** Ends every queue, then gives everything back. To be called by the session's thread. */
  @Override
  public void close() {
    connection.shutDown();
    BackEndChannel asked = channel;
    if (asked != null) {
      asked.shutDown();
    }
    rings.forEach(Ring::close);
    closeChannel();
    accounts.close();
    memory.close();
    connection.close();
  }
}
