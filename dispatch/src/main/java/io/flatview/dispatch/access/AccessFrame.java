package io.flatview.dispatch.access;

import io.flatview.dispatch.doorbell.DeviceGate;
import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import java.util.concurrent.locks.ReentrantLock;

/** One device in a chain of accesses, while it is called. The chain uses the object again for later accesses. */
final class AccessFrame implements MemTx, DeviceGate.Taker {

  DeviceBinding device;

  /** The lock that was taken last to enter a device that locks, so that leaving the device need not find it. */
  ReentrantLock lock;

  long lanes;
  private MapReader reader;
  private MemTxAttrs attributes;
  private MemTxResult failures = MemTxResult.OK;

  /**
   * Begins the call of a device. Stores references only where they differ, since such stores are expensive under G1.
   */
  void begin(DeviceBinding entered, MapReader by, MemTxAttrs with) {
    if (device != entered) {
      device = entered;
    }
    if (reader != by) {
      reader = by;
    }
    if (attributes != with) {
      attributes = with;
    }
    if (failures != MemTxResult.OK) {
      failures = MemTxResult.OK;
    }
  }

  /** Loads from a device without adapting the access. */
  long load(long offset, int size) {
    long mask = LittleEndian.mask(size);
    lanes = mask;
    return device.handler.read(offset, size, this) & mask;
  }

  void store(long offset, int size, long value) {
    if (device.direct) {
      lanes = LittleEndian.mask(size);
      device.handler.write(offset, size, value, this);
    } else {
      DeviceLanes.store(this, offset, size, value);
    }
  }

  @Override
  public void deliver(long offset, int size, long value, MemTxAttrs by) {
    attributes = by;
    store(offset, size, value);
  }

  @Override
  public String toString() {
    return device.toString();
  }

  MemTxResult failures() {
    return failures;
  }

  @Override
  public MemTxAttrs attributes() {
    return attributes;
  }

  @Override
  public MapReader reader() {
    return reader;
  }

  @Override
  public long lanes() {
    return lanes;
  }

  @Override
  public void fail(MemTxResult failure) {
    failures = failures.or(failure);
  }
}
