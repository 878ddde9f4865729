package io.flatview.dispatch.access;

import io.flatview.dispatch.doorbell.DeviceGate;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.tap.TapCalls;
import io.flatview.dispatch.tap.TapPoint;
import io.flatview.dispatch.telemetry.MapTelemetry;
import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;

/**
 * Accesses to a leaf whose memory cannot be touched at once: devices, memory that only reads, holes, and whatever
 * somebody observes.
 *
 * <p>This is the place of observers: dirty tracking, doorbells, coalescing, taps and watchpoints. A leaf that is
 * observed has neither {@link PhysSection#readable} nor {@link PhysSection#writable}, but still
 * {@link PhysSection#memory}: so its accesses come here, and those of all other leaves pay nothing. Who observes is
 * asked in {@link #load} and {@link #store}, before the access is served by {@link #serveLoad} and {@link #serveStore}.
 *
 * <p>Confined to its reader's thread.
 */
final class SlowAccess {

  private final DeviceAccess devices;
  private final TapCalls taps = new TapCalls();
  private final ReaderTranslation translation;
  private final PendingMarks marks;
  private MemTxResult result = MemTxResult.OK;
  private MemTxAttrs attributes = MemTxAttrs.UNSPECIFIED;

  /** {@code translation} tells where an access arrived; {@code marks} are made before anybody is called. */
  SlowAccess(AccessChains chains, MapReader reader, ReaderTranslation translation, PendingMarks marks) {
    this.devices = new DeviceAccess(chains, reader);
    this.translation = translation;
    this.marks = marks;
  }

  /** How the present access went so far. */
  MemTxResult result() {
    return result;
  }

  /** What the initiator of the present access says of itself. */
  MemTxAttrs attributes() {
    return attributes;
  }

  /** Begins an access. */
  void begin(MemTxAttrs of) {
    if (result != MemTxResult.OK) {
      result = MemTxResult.OK;
    }
    if (attributes != of) {
      attributes = of;
    }
  }

  /** After a nested access: what the one around it knew. */
  void restore(MemTxResult soFar, MemTxAttrs with) {
    if (result != soFar) {
      result = soFar;
    }
    if (attributes != with) {
      attributes = with;
    }
  }

  /** Commits what devices left to commit. */
  void settle() {
    devices.settle();
  }

  /** Loads what fits the leaf. */
  long load(PhysSection leaf, long offset, int size) {
    if (leaf.taps == TapPoint.NONE) {
      return loadUntapped(leaf, offset, size);
    }
    AddressSpace space = translation.addressSpace();
    long value = loadUntapped(leaf, offset, size);
    tell(leaf, space, offset, size, Access.READ, value, false, 0);
    return value;
  }

  private void tell(
      PhysSection leaf, AddressSpace space, long offset, int size, Access access, long value, boolean beforeKnown,
      long before) {
    MemTxResult soFar = result;
    MemTxAttrs own = attributes;
    marks.publish();
    taps.tell(leaf.taps, space, leaf.section.region(), offset - leaf.toOffset, offset, size, access, value,
        beforeKnown, before, soFar);
    restore(soFar, own);
  }

  private long loadUntapped(PhysSection leaf, long offset, int size) {
    if (leaf.gate != null) {
      flush(leaf.device, leaf.gate);
    }
    return serveLoad(leaf, offset, size);
  }

  /** Stores what fits the leaf; bits above the size are 0. */
  void store(PhysSection leaf, long offset, int size, long value) {
    if (leaf.taps == TapPoint.NONE) {
      storeUntapped(leaf, offset, size, value);
      return;
    }
    AddressSpace space = translation.addressSpace();
    long before = leaf.storesMemory ? LittleEndian.get(leaf.memory.segment(), offset, size) : 0;
    storeUntapped(leaf, offset, size, value);
    tell(leaf, space, offset, size, Access.WRITE, value, leaf.storesMemory, before);
  }

  private void storeUntapped(PhysSection leaf, long offset, int size, long value) {
    if (leaf.gate == null || !reachesDevice(leaf, offset, size) || !takes(leaf, offset, size, value)) {
      serveStore(leaf, offset, size, value);
    }
  }

  private boolean reachesDevice(PhysSection leaf, long offset, int size) {
    return leaf.deviceWritable
        && !attributes.memory()
        && leaf.device.admits(offset, size, Access.WRITE, attributes);
  }

  /** Whether a store is not for the device now; if it is, that has got all that waited. */
  private boolean takes(PhysSection leaf, long offset, int size, long value) {
    DeviceGate.Rules rules = leaf.gate.rules();
    boolean rings = rules.doorbells().matches(offset, size, value);
    if (!rings && rules.coalesces(offset, size) && delays(leaf, offset, size, value)) {
      return true;
    }
    flush(leaf.device, leaf.gate);
    return rings && ring(rules, offset, size, value);
  }

  private boolean delays(PhysSection leaf, long offset, int size, long value) {
    if (leaf.gate.delay(offset, size, value, attributes)) {
      return true;
    }
    flush(leaf.device, leaf.gate);
    return leaf.gate.delay(offset, size, value, attributes);
  }

  /** Who hears the doorbell may use this very reader, too. */
  private boolean ring(DeviceGate.Rules rules, long offset, int size, long value) {
    MemTxResult soFar = result;
    MemTxAttrs own = attributes;
    marks.publish();
    boolean taken = rules.doorbells().ring(offset, size, value);
    restore(soFar, own);
    return taken;
  }

  /** Hands a device what waits for it; that may use this very reader, too. */
  void flush(DeviceBinding device, DeviceGate gate) {
    if (gate.isWaiting()) {
      MemTxResult soFar = result;
      MemTxAttrs own = attributes;
      marks.publish();
      try {
        devices.flush(device, gate);
      } finally {
        restore(soFar, own);
      }
    }
  }

  private long serveLoad(PhysSection leaf, long offset, int size) {
    if (leaf.loadsMemory) {
      return LittleEndian.get(leaf.memory.segment(), offset, size);
    }
    if (leaf.device == null || attributes.memory()) {
      fail(leaf, offset, size, Access.READ, refusal(leaf.device != null));
      return 0;
    }
    return loadDevice(leaf, offset, size);
  }

  /** How it fails that nothing may answer: with a device that must not be called, or with nothing at all. */
  private static MemTxResult refusal(boolean isDevice) {
    return isDevice ? MemTxResult.ACCESS_ERROR : MemTxResult.DECODE_ERROR;
  }

  /** The device may use this very reader for accesses of its own, so what this access knows is kept here. */
  private long loadDevice(PhysSection leaf, long offset, int size) {
    MemTxResult soFar = result;
    MemTxAttrs own = attributes;
    long value;
    marks.publish();
    try {
      value = devices.load(leaf.device, offset, size, own);
    } finally {
      restore(soFar, own);
    }
    note(leaf, offset, size, Access.READ);
    return value;
  }

  private void serveStore(PhysSection leaf, long offset, int size, long value) {
    if (leaf.storesMemory) {
      LittleEndian.set(leaf.memory.segment(), offset, size, value);
      marked(leaf, offset, size);
    } else if (attributes.debug() && leaf.loadsMemory && !leaf.memory.isReadOnly()) {
      LittleEndian.set(leaf.memory.segment(), offset, size, value);
      leaf.memory.dirty().mark(offset, size);
    } else if (!leaf.deviceWritable || attributes.memory()) {
      fail(leaf, offset, size, Access.WRITE, refusal(leaf.deviceWritable));
    } else {
      storeDevice(leaf, offset, size, value);
    }
  }

  private void storeDevice(PhysSection leaf, long offset, int size, long value) {
    MemTxResult soFar = result;
    MemTxAttrs own = attributes;
    marks.publish();
    try {
      devices.store(leaf.device, offset, size, value, own);
    } finally {
      restore(soFar, own);
    }
    note(leaf, offset, size, Access.WRITE);
  }

  /** Notes how the device says that it went. */
  private void note(PhysSection leaf, long offset, int size, Access access) {
    if (devices.failures() != MemTxResult.OK) {
      fail(leaf, offset, size, access, devices.failures());
    }
  }

  /** Notes that memory was written. */
  void marked(PhysSection leaf, long offset, long length) {
    if (leaf.dirtyLogMask != 0) {
      leaf.memory.dirty().mark(offset, length, leaf.dirtyLogMask);
    }
  }

  /** Tells of an atomic operation that has changed memory. */
  void exchanged(PhysSection leaf, long offset, int size, long before, long value) {
    marked(leaf, offset, size);
    if (leaf.taps != TapPoint.NONE) {
      tell(leaf, translation.addressSpace(), offset, size, Access.WRITE, value & LittleEndian.mask(size), true, before);
    }
  }

  void fail(PhysSection leaf, long offset, int size, Access access, MemTxResult failure) {
    result = result.or(failure);
    MapTelemetry.get().accessFailed(leaf.section, offset, size, access, failure);
  }
}
