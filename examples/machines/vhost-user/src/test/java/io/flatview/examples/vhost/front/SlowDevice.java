package io.flatview.examples.vhost.front;

import io.flatview.device.DmaPort;
import io.flatview.examples.virtio.VirtioDevice;
import io.flatview.examples.virtio.VirtioRequest;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A device that takes its time before it serves a request, as one on a real disk does. */
public final class SlowDevice implements VirtioDevice {

  private static final long NANOS = 200_000;

  private final VirtioDevice device;
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger mostInside = new AtomicInteger();

  /** In front of another, closed with this. */
  public SlowDevice(VirtioDevice device) {
    this.device = device;
  }

  @Override
  public int id() {
    return device.id();
  }

  @Override
  public long features() {
    return device.features();
  }

  @Override
  public int queues() {
    return device.queues();
  }

  @Override
  public int mostAtOnce() {
    return device.mostAtOnce();
  }

  @Override
  public byte configuration(int offset) {
    return device.configuration(offset);
  }

  @Override
  public void serve(VirtioRequest request, long features, DmaPort port) {
    mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
    port.await(() -> {
      LockSupport.parkNanos(NANOS);
      return null;
    });
    device.serve(request, features, port);
    inside.decrementAndGet();
  }

  /** How many requests were with the device at once. */
  public int mostInside() {
    return mostInside.get();
  }

  @Override
  public void close() {
    device.close();
  }
}
