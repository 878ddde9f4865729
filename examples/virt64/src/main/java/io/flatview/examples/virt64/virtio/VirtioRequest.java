package io.flatview.examples.virt64.virtio;

import java.util.List;

/**
 * A chain of descriptors.
 *
 * @param head of the chain
 * @param buffers in order
 */
public record VirtioRequest(int head, List<Buffer> buffers) {

  /**
   * A piece of the guest's memory.
   *
   * @param address in the device's address space
   * @param length in bytes
   * @param writable whether it is the device that writes it
   */
  public record Buffer(long address, int length, boolean writable) {}

  /**
   * How many bytes the device may have written.
   *
   * @return the sum of the writable buffers
   */
  int writableBytes() {
    return buffers.stream().filter(Buffer::writable).mapToInt(Buffer::length).sum();
  }
}
