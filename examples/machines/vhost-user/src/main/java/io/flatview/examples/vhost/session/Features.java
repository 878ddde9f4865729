package io.flatview.examples.vhost.session;

/** Bits of virtio features that the transport has, and of protocol features. */
final class Features {

  static final long LOG_ALL = 1L << 26;
  static final long PROTOCOL_FEATURES = 1L << 30;
  static final long VERSION_1 = 1L << 32;
  static final long ACCESS_PLATFORM = 1L << 33;

  static final long MULTIPLE_QUEUES = 1;
  static final long LOG_DESCRIPTOR = 1 << 1;
  static final long REPLY_ACK = 1 << 3;
  static final long BACK_END_REQUESTS = 1 << 5;
  static final long CONFIGURATION = 1 << 9;
  static final long IN_FLIGHT = 1 << 12;
  static final long RESET_DEVICE = 1 << 13;
  static final long MEMORY_SLOTS = 1 << 15;

  /** Every protocol feature that there is here. */
  static final long OFFERED = MULTIPLE_QUEUES | LOG_DESCRIPTOR | REPLY_ACK | BACK_END_REQUESTS | CONFIGURATION
      | IN_FLIGHT | RESET_DEVICE | MEMORY_SLOTS;

  private Features() {}
}
