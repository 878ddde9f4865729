package io.flatview.examples.virtio;

import io.flatview.device.DmaPort;
import io.flatview.device.DmaRange;
import java.util.ArrayList;
import java.util.List;

/**
 * A chain of descriptors: first what the device reads, then what it writes. How a driver cuts either into buffers means
 * nothing.
 */
public final class VirtioRequest {

  private final int head;
  private final int descriptors;
  private final List<DmaRange> readable;
  private final List<DmaRange> writable;
  private final long readableBytes;
  private final long writableBytes;

  /**
   * A request.
   *
   * @param head the number by which the driver knows it: of the first descriptor, or in a packed queue of the buffer
   * @param descriptors how many of the ring it takes, at least 1
   * @param readable buffers, in order, each of 4 GiB at most; not changed any more
   * @param writable buffers, in order, each of 4 GiB at most; not changed any more
   */
  public VirtioRequest(int head, int descriptors, List<DmaRange> readable, List<DmaRange> writable) {
    this.head = head;
    this.descriptors = descriptors;
    this.readable = readable;
    this.writable = writable;
    this.readableBytes = bytes(readable);
    this.writableBytes = bytes(writable);
  }

  /**
   * By which the driver knows it.
   *
   * @return a number of 16 bits
   */
  public int head() {
    return head;
  }

  /**
   * How many descriptors of the ring it takes.
   *
   * @return at least 1
   */
  public int descriptors() {
    return descriptors;
  }

  /**
   * The bytes that the device reads.
   *
   * @return buffers, in order
   */
  public List<DmaRange> readable() {
    return readable;
  }

  /**
   * The bytes that the device writes.
   *
   * @return buffers, in order
   */
  public List<DmaRange> writable() {
    return writable;
  }

  /**
   * How long the readable buffers are together.
   *
   * @return bytes
   */
  public long readableBytes() {
    return readableBytes;
  }

  /**
   * How long the writable buffers are together.
   *
   * @return bytes
   */
  public long writableBytes() {
    return writableBytes;
  }

  /** How long some buffers are together, each of 4 GiB at most. */
  static long bytes(List<DmaRange> buffers) {
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
   * @param length the length in bytes; a part beyond the buffers is left out
   * @return in order
   */
  static List<DmaRange> part(List<DmaRange> buffers, long from, long length) {
    List<DmaRange> parts = new ArrayList<>(buffers.size());
    long skip = from;
    long left = length;
    for (int i = 0; i < buffers.size() && left > 0; i++) {
      DmaRange buffer = buffers.get(i);
      long skipped = Math.min(skip, buffer.length());
      long taken = Math.min(left, buffer.length() - skipped);
      if (taken > 0) {
        parts.add(taken == buffer.length() ? buffer : buffer.part(skipped, taken));
      }
      skip -= skipped;
      left -= taken;
    }
    return parts;
  }

  /** Fills an array with what stands in some buffers. */
  static void gather(List<DmaRange> buffers, byte[] into, DmaPort port) {
    int at = 0;
    for (int i = 0; i < buffers.size() && at < into.length; i++) {
      int taken = (int) Math.min(buffers.get(i).length(), into.length - at);
      port.read(buffers.get(i).address(), into, at, taken);
      at += taken;
    }
  }

  /** Writes an array to some buffers, as far as they go. */
  static void scatter(byte[] from, List<DmaRange> buffers, DmaPort port) {
    int at = 0;
    for (int i = 0; i < buffers.size() && at < from.length; i++) {
      int taken = (int) Math.min(buffers.get(i).length(), from.length - at);
      port.write(buffers.get(i).address(), from, at, taken);
      at += taken;
    }
  }
}
