package io.flatview.dispatch.access;

import io.flatview.dispatch.doorbell.DeviceGate;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.tap.TapCalls;
import io.flatview.dispatch.tap.TapPoint;
import io.flatview.dispatch.telemetry.MapTelemetry;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
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

  private final DeviceAccess devices = new DeviceAccess();
  private final TapCalls taps = new TapCalls();
  private final ReaderTranslation translation;
  private MemTxResult result = MemTxResult.OK;

  /** {@code translation} tells where an access arrived. */
  SlowAccess(ReaderTranslation translation) {
    this.translation = translation;
  }

  /** How the present access went so far. */
  MemTxResult result() {
    return result;
  }

  /** Begins an access. */
  void reset() {
    if (result != MemTxResult.OK) {
      result = MemTxResult.OK;
    }
  }

  /** After a nested access: what the one around it knew. */
  void restore(MemTxResult soFar) {
    result = soFar;
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
    taps.tell(leaf.taps, space, leaf.section.region(), offset - leaf.toOffset, offset, size, access, value,
        beforeKnown, before, soFar);
    result = soFar;
  }

  private long loadUntapped(PhysSection leaf, long offset, int size) {
    if (leaf.gate != null) {
      leaf.gate.flush();
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
    if (leaf.gate == null || !leaf.deviceWritable || !takes(leaf.gate, offset, size, value)) {
      serveStore(leaf, offset, size, value);
    }
  }

  /** Whoever is called instead of the device may use this very reader, too. */
  private boolean takes(DeviceGate gate, long offset, int size, long value) {
    MemTxResult soFar = result;
    boolean taken = gate.takes(offset, size, value);
    result = soFar;
    return taken;
  }

  private long serveLoad(PhysSection leaf, long offset, int size) {
    if (leaf.loadsMemory) {
      return LittleEndian.get(leaf.memory.segment(), offset, size);
    }
    if (leaf.device != null) {
      return loadDevice(leaf, offset, size);
    }
    fail(leaf, offset, size, Access.READ);
    return 0;
  }

  /** The device may use this very reader for accesses of its own, so what this access knows is kept here. */
  private long loadDevice(PhysSection leaf, long offset, int size) {
    MemTxResult soFar = result;
    long value = devices.load(leaf, offset, size);
    result = soFar;
    return value;
  }

  private void serveStore(PhysSection leaf, long offset, int size, long value) {
    if (leaf.storesMemory) {
      LittleEndian.set(leaf.memory.segment(), offset, size, value);
      leaf.memory.dirty().mark(offset, size, leaf.dirtyLogMask);
    } else if (leaf.deviceWritable) {
      storeDevice(leaf, offset, size, value);
    } else {
      fail(leaf, offset, size, Access.WRITE);
    }
  }

  private void storeDevice(PhysSection leaf, long offset, int size, long value) {
    MemTxResult soFar = result;
    devices.store(leaf, offset, size, value);
    result = soFar;
  }

  private void fail(PhysSection leaf, long offset, int size, Access access) {
    result = result.or(MemTxResult.DECODE_ERROR);
    MapTelemetry.get().accessFailed(leaf.section, offset, size, access, MemTxResult.DECODE_ERROR);
  }
}
