package io.flatview.examples.vhost.wire;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The requests of a front end that this back end knows. */
public enum Request {
  /** Which virtio features there are. */
  GET_FEATURES(1, 0, 0, 0),
  /** Which of them are used. */
  SET_FEATURES(2, 8, 8, 0),
  /** This session owns the back end. */
  SET_OWNER(3, 0, 0, 0),
  /** Deprecated, and without effect. */
  RESET_OWNER(4, 0, 0, 0),
  /** All of the guest's memory. */
  SET_MEM_TABLE(5, 8, 8 + 8 * 32, 8),
  /** Where pages that were written are marked. */
  SET_LOG_BASE(6, 8, 16, 1),
  /** An event for the log. */
  SET_LOG_FD(7, 0, 8, 1),
  /** How large a ring is. */
  SET_VRING_NUM(8, 8, 8, 0),
  /** Where a ring is. */
  SET_VRING_ADDR(9, 40, 40, 0),
  /** Where in a ring to begin. */
  SET_VRING_BASE(10, 8, 8, 0),
  /** Stops a ring, and asks how far it came. */
  GET_VRING_BASE(11, 8, 8, 0),
  /** The event that says: there are requests. */
  SET_VRING_KICK(12, 8, 8, 1),
  /** The event that says: requests are done. */
  SET_VRING_CALL(13, 8, 8, 1),
  /** The event that says: the ring is broken. */
  SET_VRING_ERR(14, 8, 8, 1),
  /** Which protocol features there are. */
  GET_PROTOCOL_FEATURES(15, 0, 0, 0),
  /** Which of them are used. */
  SET_PROTOCOL_FEATURES(16, 8, 8, 0),
  /** How many queues there are. */
  GET_QUEUE_NUM(17, 0, 0, 0),
  /** Whether a ring is served. */
  SET_VRING_ENABLE(18, 8, 8, 0),
  /** The connection for requests of the back end. */
  SET_BACKEND_REQ_FD(21, 0, 8, 1),
  /** A mapping that the IOMMU adds or removes. */
  IOTLB_MSG(22, 26, 32, 0),
  /** The device's configuration. */
  GET_CONFIG(24, 12, 12 + 256, 0),
  /** Changes the device's configuration. */
  SET_CONFIG(25, 12, 12 + 256, 0),
  /** Memory for an account of requests in flight. */
  GET_INFLIGHT_FD(31, 20, 24, 0),
  /** The account of a back end before. */
  SET_INFLIGHT_FD(32, 20, 24, 1),
  /** Resets the device. */
  RESET_DEVICE(34, 0, 0, 0),
  /** How many pieces of memory there may be. */
  GET_MAX_MEM_SLOTS(36, 0, 0, 0),
  /** A piece of memory more. */
  ADD_MEM_REG(37, 40, 40, 1),
  /** A piece of memory less. */
  REM_MEM_REG(38, 40, 40, 1);

  private static final Map<Integer, Request> BY_NUMBER =
      Arrays.stream(values()).collect(Collectors.toMap(request -> request.number, Function.identity()));

  private final int number;
  private final int least;
  private final int most;
  private final int descriptors;

  Request(int number, int least, int most, int descriptors) {
    this.number = number;
    this.least = least;
    this.most = most;
    this.descriptors = descriptors;
  }

  /**
   * Finds a request.
   *
   * @param number as it is in a message
   * @return null if there is none
   */
  public static Request of(int number) {
    return BY_NUMBER.get(number);
  }

  /**
   * Its number.
   *
   * @return as it is in a message
   */
  public int number() {
    return number;
  }

  /**
   * Refuses what cannot be such a message.
   *
   * @param payload the size of the payload in bytes
   * @param received how many descriptors came with it
   * @throws ProtocolException if it is too short or too long, or brings too many descriptors
   */
  void check(int payload, int received) throws ProtocolException {
    if (payload < least || payload > most) {
      throw new ProtocolException(this + " with " + payload + " bytes; it has "
          + (least == most ? "" + least : least + " to " + most));
    }
    if (received > descriptors) {
      throw new ProtocolException(this + " with " + received + " descriptors; it has at most " + descriptors);
    }
  }
}
