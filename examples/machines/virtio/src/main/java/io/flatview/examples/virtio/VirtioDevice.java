package io.flatview.examples.virtio;

import io.flatview.device.DmaPort;

/** A device behind a transport. */
public interface VirtioDevice extends AutoCloseable {

  /**
   * The kind of device.
   *
   * @return its number in the specification
   */
  int id();

  /**
   * The features that the device offers, without those of the transport.
   *
   * @return bits
   */
  long features();

  /**
   * How many queues it serves.
   *
   * @return at least 1
   */
  default int queues() {
    return 1;
  }

  /**
   * How large configuration space is.
   *
   * @return bytes; 0 for a device without one
   */
  default int configurationBytes() {
    return 0;
  }

  /**
   * Reads configuration space. Called by any thread.
   *
   * @param offset the offset in the configuration space, in bytes
   * @return the byte there; 0 behind the end
   */
  byte configuration(int offset);

  /**
   * How many requests of one queue the device can serve at once, by as many threads. With 1, requests are served one
   * after another in the order of the queue.
   *
   * @return at least 1; a transport may use fewer
   */
  default int mostAtOnce() {
    return 1;
  }

  /**
   * Serves a request. Called outside of any section, by a thread of the queue, each with a port of its own. Whatever it
   * throws, the driver is asked to reset the device, or the queue is stopped.
   *
   * @param request the buffers of the request
   * @param features that the driver has accepted
   * @param port where the buffers are
   */
  void serve(VirtioRequest request, long features, DmaPort port);

  /** Called after the last request. */
  @Override
  void close();
}
