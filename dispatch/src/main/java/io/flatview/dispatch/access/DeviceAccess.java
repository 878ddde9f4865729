package io.flatview.dispatch.access;

import io.flatview.dispatch.doorbell.DeviceGate;
import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.memory.Access;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;

/**
 * Calls devices: applies their rules, enters them into the thread's chain, and puts bytes into lanes. Confined to
 * its reader's thread.
 */
final class DeviceAccess {

  private final AccessChains chains;
  private final MapReader reader;
  private AccessChain chain = AccessChain.NONE;
  private MemTxResult failures = MemTxResult.OK;

  DeviceAccess(AccessChains chains, MapReader reader) {
    this.chains = chains;
    this.reader = reader;
  }

  /** The failures that the last access reported. */
  MemTxResult failures() {
    return failures;
  }

  /** Commits the transactions that devices began in callbacks. */
  void settle() {
    AccessChain last = chain; // read once: the section is over, and another thread may be in the next one
    if (last.isUnsettled() && last.owner == Thread.currentThread()) {
      last.settle();
    }
  }

  private AccessChain chain() {
    AccessChain last = chain;
    return last.ownerNumber == Thread.currentThread().threadId() ? last : find();
  }

  /** The chain of the thread that called a device last by this reader, or {@link AccessChain#NONE}. */
  AccessChain last() {
    return chain;
  }

  private AccessChain find() {
    AccessChain found = chains.current();
    chain = found;
    return found;
  }

  long load(DeviceBinding device, long offset, int size, Access access, MemTxAttrs attributes) {
    if (!device.admits(offset, size, access, attributes)) {
      failures = MemTxResult.DECODE_ERROR;
      return 0;
    }
    AccessChain own = chain();
    int outer = own.depth();
    try {
      AccessFrame frame = own.enter(device, offset, reader, attributes);
      return frame == null ? refused() : load(frame, offset, size);
    } finally {
      own.due = outer;
      own.leave();
    }
  }

  private long refused() {
    failures = MemTxResult.ACCESS_ERROR;
    return 0;
  }

  private long load(AccessFrame frame, long offset, int size) {
    long value = frame.device.direct
        ? frame.load(offset, size)
        : DeviceLanes.load(frame, offset, size);
    note(frame.failures());
    return value;
  }

  void store(DeviceBinding device, long offset, int size, long value, MemTxAttrs attributes) {
    if (!device.admits(offset, size, Access.WRITE, attributes)) {
      failures = MemTxResult.DECODE_ERROR;
      return;
    }
    AccessChain own = chain();
    int outer = own.depth();
    try {
      AccessFrame frame = own.enter(device, offset, reader, attributes);
      if (frame == null) {
        refused();
      } else {
        frame.store(offset, size, value);
        note(frame.failures());
      }
    } finally {
      own.due = outer;
      own.leave();
    }
  }

  /**
   * Delivers the coalesced stores of a device. The device is entered before the ring is locked, so that the device's
   * lock always comes first. If the device must not be entered, the stores stay in the ring; the access that would
   * flush them is refused, too.
   */
  void flush(DeviceBinding device, DeviceGate gate) {
    AccessChain own = chain();
    if (own.refuses(device)) {
      return;
    }
    int outer = own.depth();
    try {
      AccessFrame frame = own.enter(device, 0, reader, MemTxAttrs.UNSPECIFIED);
      if (frame != null) {
        gate.flush(frame, outer == 0);
      }
    } finally {
      own.due = outer;
      own.leave();
    }
  }

  private void note(MemTxResult reported) {
    if (failures != reported) {
      failures = reported;
    }
  }
}
