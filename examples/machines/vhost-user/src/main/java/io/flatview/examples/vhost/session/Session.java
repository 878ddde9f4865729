package io.flatview.examples.vhost.session;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.flatview.examples.vhost.host.Descriptor;
import io.flatview.examples.vhost.host.UnixSocket;
import io.flatview.examples.vhost.memory.GuestMemory;
import io.flatview.examples.vhost.memory.Iotlb;
import io.flatview.examples.vhost.queue.QueueCounters;
import io.flatview.examples.vhost.wire.BackEndChannel;
import io.flatview.examples.vhost.wire.Connection;
import io.flatview.examples.vhost.wire.Message;
import io.flatview.examples.vhost.wire.ProtocolException;
import io.flatview.examples.vhost.wire.Request;
import io.flatview.examples.virtio.VirtQueue;
import io.flatview.examples.virtio.VirtioDevice;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A session with a front end, which is not trusted: from its first message to the end of the connection, in one thread.
 *
 * <p>What a message asks for is checked before anything changes. If it cannot be, the front end learns so where it asks
 * to ({@code REPLY_ACK}), and the session goes on; otherwise the session ends, as the front end would go on with what
 * is not so. Bytes that are no message at all end it, too.
 */
public final class Session implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Session.class.getName());

  private final VirtioDevice device;
  private final QueueCounters counters;
  private final Connection connection;
  private final Iotlb iotlb = new Iotlb();
  private final GuestMemory memory;
  private final Accounts accounts;
  private final Rings rings;
  private final MemoryMessages memoryMessages;
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
    this.counters = counters;
    this.memory = new GuestMemory(memory, policy, iotlb);
    this.accounts = new Accounts(device.queues());
    iotlb.leadTo(this.memory.frontEnd());
    this.rings = new Rings(device.queues(), new Environment(), policy);
    this.memoryMessages = new MemoryMessages(this.memory, iotlb, policy, rings);
  }

  /** The parts of the session that rings get. */
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
      case SET_MEM_TABLE -> memoryMessages.setTable(message);
      case ADD_MEM_REG -> memoryMessages.add(message);
      case REM_MEM_REG -> memoryMessages.remove(message);
      case SET_LOG_BASE -> setLog(message);
      case SET_VRING_NUM -> rings.ring(payload.getInt()).setSize(payload.getInt());
      case SET_VRING_ADDR -> rings.setAddresses(payload);
      case SET_VRING_BASE -> rings.ring(payload.getInt()).setBase(payload.getInt());
      case GET_VRING_BASE -> getBase(payload.getInt());
      case SET_VRING_KICK -> rings.setKick(message);
      case SET_VRING_CALL -> rings.setCall(message);
      case SET_VRING_ERR -> rings.setError(message);
      case SET_VRING_ENABLE -> rings.setEnabled(payload);
      case SET_BACKEND_REQ_FD -> setChannel(message.take());
      case IOTLB_MSG -> memoryMessages.changeIotlb(payload);
      case GET_CONFIG -> getConfiguration(payload);
      case SET_CONFIG -> throw new ProtocolException("the configuration is constant");
      case GET_INFLIGHT_FD -> getInFlight(payload);
      case SET_INFLIGHT_FD -> setInFlight(message);
      case RESET_DEVICE -> rings.reset();
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

  private void setLog(Message message) throws IOException {
    memoryMessages.setLog(message);
    reply(Request.SET_LOG_BASE, 0);
  }

  private void getBase(int index) throws IOException {
    int base = rings.stop(index);
    connection.reply(Request.GET_VRING_BASE, buffer(8).putInt(0, index).putInt(4, base), List.of());
  }

  // Features

  private long offered() {
    return device.features() | VirtQueue.INDIRECT_DESCRIPTORS | VirtQueue.EVENT_INDEX | VirtQueue.PACKED_RING
        | Features.LOG_ALL | Features.PROTOCOL_FEATURES | Features.VERSION_1 | Features.ACCESS_PLATFORM;
  }

  private void setFeatures(long wanted) throws IOException {
    checkOffered(wanted, offered());
    long changed = features ^ wanted;
    memory.setLogging((wanted & Features.LOG_ALL) != 0);
    if ((changed & ~Features.LOG_ALL) != 0) {
      rings.pause();
    }
    if ((changed & VirtQueue.PACKED_RING) != 0) {
      rings.forgetPlaces();
    }
    features = wanted;
    if ((wanted & Features.PROTOCOL_FEATURES) == 0) {
      rings.enable();
    }
    rings.resume();
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

  // The back end's own requests

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
    accounts.set(message, isPacked(), memory.mappings(), rings::pause);
    rings.resume();
  }

  /** Ends every queue, then gives everything back. To be called by the session's thread. */
  @Override
  public void close() {
    connection.shutDown();
    BackEndChannel asked = channel;
    if (asked != null) {
      asked.shutDown();
    }
    rings.close();
    closeChannel();
    accounts.close();
    memory.close();
    connection.close();
  }
}
