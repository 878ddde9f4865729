package io.flatview.examples.virt64.virtio;

import io.flatview.device.DmaPort;

/** What is behind a transport. */
public interface VirtioDevice extends AutoCloseable {

  /**
   * The kind of device.
   *
   * @return its number in the specification
   */
  int id();

  /**
   * What it offers, without the features of the transport.
   *
   * @return bits
   */
  long features();

  /**
   * Reads configuration space. Called by any thread.
   *
   * @param offset in bytes
   * @return the byte there; 0 behind the end
   */
  byte configuration(int offset);

  /**
   * Serves a request. Called by the device's thread, outside of any section. Whatever it throws, the driver is asked to
   * reset the device.
   *
   * @param request its buffers
   * @param port where they are
   */
  void serve(VirtioRequest request, DmaPort port);

  /** Called by the device's thread after its last request. */
  @Override
  void close();
}
