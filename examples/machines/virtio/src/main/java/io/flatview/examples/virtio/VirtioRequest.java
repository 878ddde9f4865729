package io.flatview.examples.virtio;

import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
import java.util.ArrayList;
import java.util.List;

/**
 * A chain of descriptors: first what the device reads, then what it writes. How a driver cuts either into buffers means
 * nothing.
 *
 * @param head of the chain
 * @param readable buffers, in order
 * @param writable buffers, in order
 */
public record VirtioRequest(int head, List<DmaRange> readable, List<DmaRange> writable) {

  /**
   * How long some buffers are together.
   *
   * @param buffers of a chain, each of 4 GiB at most
   * @return bytes
   */
  public static long bytes(List<DmaRange> buffers) {
    long sum = 0;
    for (int i = 0; i < buffers.size(); i++) {
      sum += buffers.get(i).length();
    }
    return sum;
  }

  /**
   * A part of what some buffers hold.
   *
   * @param buffers of a chain
   * @param from its first byte
   * @param length in bytes; what the buffers do not hold is left out
   * @return in order
   */
  static List<DmaRange> part(List<DmaRange> buffers, long from, long length) {
    List<DmaRange> parts = new ArrayList<>();
    long skip = from;
    long left = length;
    for (DmaRange buffer : buffers) {
      long skipped = Math.min(skip, buffer.length());
      long taken = Math.min(left, buffer.length() - skipped);
      if (taken > 0) {
        parts.add(buffer.part(skipped, taken));
      }
      skip -= skipped;
      left -= taken;
    }
    return parts;
  }

  /** Fills an array with what stands in some buffers. */
  static void gather(List<DmaRange> buffers, byte[] into, DmaPort port) {
    int at = 0;
    for (DmaRange buffer : part(buffers, 0, into.length)) {
      port.read(buffer.address(), into, at, (int) buffer.length());
      at += (int) buffer.length();
    }
  }

  /** Writes an array to some buffers, as far as they go. */
  static void scatter(byte[] from, List<DmaRange> buffers, DmaPort port) {
    int at = 0;
    for (DmaRange buffer : part(buffers, 0, from.length)) {
      port.write(buffer.address(), from, at, (int) buffer.length());
      at += (int) buffer.length();
    }
  }
}
