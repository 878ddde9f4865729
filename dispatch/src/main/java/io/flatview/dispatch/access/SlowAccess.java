package io.flatview.dispatch.access;

import io.flatview.dispatch.doorbell.DeviceGate;
import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.tap.TapCalls;
import io.flatview.dispatch.tap.TapIndex;
import io.flatview.dispatch.tap.TapSet;
import io.flatview.dispatch.telemetry.MapTelemetry;
import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.OpenBus;
import io.flatview.memory.Translation.Fault;

/**
 * Accesses to a leaf whose memory cannot be accessed directly: devices, memory that only reads, holes, and observed
 * memory.
 *
 * <p>This class calls all observers: dirty tracking, doorbells, coalescing, taps and watchpoints. The {@link
 * PhysSection#readable} and {@link PhysSection#writable} of an observed leaf are null, so its accesses come here and
 * use {@link PhysSection#memory}; other leaves pay nothing for observers. {@link #load} and {@link #store} call the
 * observers, before the access is served by {@link #serveLoad} and {@link #serveStore}.
 *
 * <p>Confined to its reader's thread.
 */
final class SlowAccess {

  private final DeviceAccess devices;
  private final TapCalls taps = new TapCalls();
  private final AccessState state;
  private final ReaderTranslation translation;
  private final PendingMarks marks;

  /** {@code translation} has the final address of an access; {@code marks} are made before a callback. */
  SlowAccess(DeviceAccess devices, AccessState state, ReaderTranslation translation, PendingMarks marks) {
    this.devices = devices;
    this.state = state;
    this.translation = translation;
    this.marks = marks;
  }

  /** Marks reported pages before a callback, which may take a snapshot, and may use this reader. */
  private void beginCall() {
    StackRoom.require();
    marks.publish();
  }

  /** Makes a load that lies in the leaf. */
  long load(PhysSection leaf, long offset, int size, Access access) {
    return leaf.tapped
        ? loadTapped(leaf, TapIndex.NONE, offset, size, access)
        : loadUntapped(leaf, offset, size, access);
  }

  /** Makes a load that begins in one leaf and ends in another that continues it. */
  long loadAcross(PhysSection leaf, PhysSection last, long offset, int size, Access access) {
    return leaf.tapped || last.tapped
        ? loadTapped(leaf, last.taps(), offset, size, access)
        : loadUntapped(leaf, offset, size, access);
  }

  private long loadTapped(PhysSection leaf, TapSet more, long offset, int size, Access access) {
    AddressSpace space = translation.there();
    if (asksBefore(leaf, more)
        && stops(leaf, more, space, offset, size, access, leaf.loadsMemory, held(leaf, offset, size))) {
      return 0;
    }
    long value = loadUntapped(leaf, offset, size, access);
    call(leaf, more, space, offset, size, access, value, false, 0);
    return value;
  }

  private static boolean asksBefore(PhysSection leaf, TapSet more) {
    return leaf.taps().asksBefore() || more.asksBefore();
  }

  /** Calls the watches, and notes if one of them stops the access. */
  private boolean stops(
      PhysSection leaf, TapSet more, AddressSpace space, long offset, int size, Access access, boolean known,
      long value) {
    MemTxResult soFar = state.result();
    MemTxAttrs own = state.attributes();
    beginCall();
    TapCalls.TapCall call = taps.begin();
    boolean stopped;
    try {
      call.at(leaf.taps(), more, space, leaf.section.region(), offset - leaf.toOffset, offset, size, access);
      call.with(known, value, leaf.loadsMemory, held(leaf, offset, size), soFar);
      stopped = TapCalls.stops(call);
    } finally {
      taps.end();
      state.restore(soFar, own);
    }
    if (stopped) {
      state.fail(MemTxResult.STOPPED);
    }
    return stopped;
  }

  /** The content of memory at an address; 0 if no memory serves reads there. */
  private static long held(PhysSection leaf, long offset, int size) {
    return leaf.loadsMemory ? LittleEndian.take(leaf.memory.segment(), offset, size) : 0;
  }

  private void call(
      PhysSection leaf, TapSet more, AddressSpace space, long offset, int size, Access access, long value,
      boolean beforeKnown, long before) {
    if (!leaf.taps().tellsAfter() && !more.tellsAfter()) {
      return;
    }
    MemTxResult soFar = state.result();
    MemTxAttrs own = state.attributes();
    beginCall();
    TapCalls.TapCall call = taps.begin();
    try {
      call.at(leaf.taps(), more, space, leaf.section.region(), offset - leaf.toOffset, offset, size, access);
      call.with(true, value, beforeKnown, before, soFar);
      TapCalls.call(call);
    } finally {
      taps.end();
      state.restore(soFar, own);
    }
  }

  private long loadUntapped(PhysSection leaf, long offset, int size, Access access) {
    if (leaf.device != null) {
      flush(leaf.device);
    }
    return serveLoad(leaf, offset, size, access);
  }

  /** Makes a store that lies in the leaf; bits above the size are 0. */
  void store(PhysSection leaf, long offset, int size, long value) {
    if (leaf.tapped) {
      storeTapped(leaf, TapIndex.NONE, offset, size, value);
    } else {
      storeUntapped(leaf, offset, size, value);
    }
  }

  /** Makes a store that begins in one leaf and ends in another that continues it. */
  void storeAcross(PhysSection leaf, PhysSection last, long offset, int size, long value) {
    if (leaf.tapped || last.tapped) {
      storeTapped(leaf, last.taps(), offset, size, value);
    } else {
      storeUntapped(leaf, offset, size, value);
    }
  }

  private void storeTapped(PhysSection leaf, TapSet more, long offset, int size, long value) {
    AddressSpace space = translation.there();
    if (asksBefore(leaf, more) && stops(leaf, more, space, offset, size, Access.WRITE, true, value)) {
      return;
    }
    long before = leaf.storesMemory ? held(leaf, offset, size) : 0;
    storeUntapped(leaf, offset, size, value);
    call(leaf, more, space, offset, size, Access.WRITE, value, leaf.storesMemory, before);
  }

  private void storeUntapped(PhysSection leaf, long offset, int size, long value) {
    DeviceGate gate = leaf.device == null ? null : leaf.device.gate();
    if (gate == null || !reachesDevice(leaf, offset, size) || !takes(gate, leaf, offset, size, value)) {
      serveStore(leaf, offset, size, value);
    }
  }

  private boolean reachesDevice(PhysSection leaf, long offset, int size) {
    return leaf.deviceWritable
        && !state.attributes().memory()
        && admits(leaf, offset, size, Access.WRITE);
  }

  /**
   * Whether the gate takes the store: the ring delays it, or a doorbell rings for it. Unless it is delayed, the ring is
   * flushed first.
   */
  private boolean takes(DeviceGate gate, PhysSection leaf, long offset, int size, long value) {
    DeviceGate.Rules rules = gate.rules();
    boolean rings = rules.doorbells().matches(offset, size, value);
    if (!rings && rules.coalesces(offset, size) && delays(gate, leaf.device, offset, size, value)) {
      return true;
    }
    flush(leaf.device);
    return rings && ring(rules, offset, size, value);
  }

  private boolean delays(DeviceGate gate, DeviceBinding device, long offset, int size, long value) {
    if (gate.delay(offset, size, value, state.attributes())) {
      return true;
    }
    flush(device);
    return gate.delay(offset, size, value, state.attributes());
  }

  private boolean ring(DeviceGate.Rules rules, long offset, int size, long value) {
    MemTxResult soFar = state.result();
    MemTxAttrs own = state.attributes();
    beginCall();
    try {
      return rules.doorbells().ring(offset, size, value);
    } finally {
      state.restore(soFar, own);
    }
  }

  /** Delivers the coalesced stores of a device. */
  void flush(DeviceBinding device) {
    DeviceGate gate = device.gate();
    if (gate != null && gate.isWaiting()) {
      MemTxResult soFar = state.result();
      MemTxAttrs own = state.attributes();
      beginCall();
      try {
        devices.flush(device, gate);
      } finally {
        state.restore(soFar, own);
      }
    }
  }

  private long serveLoad(PhysSection leaf, long offset, int size, Access access) {
    if (access == Access.FETCH && leaf.refusesFetches()) {
      fail(leaf, offset, size, access, MemTxResult.DECODE_ERROR);
      return 0;
    }
    if (leaf.loadsMemory) {
      return LittleEndian.get(leaf.memory.segment(), offset, size);
    }
    if (leaf.device == null || state.attributes().memory()) {
      fail(leaf, offset, size, access, refusal(leaf.device != null));
      return leaf.device == null ? loadHole(offset - leaf.toOffset, size) : 0;
    }
    return loadDevice(leaf, offset, size, access);
  }

  /**
   * The value of a load from a hole, which is the open bus's; 0 if an IOMMU refused the access, which then does not
   * reach the bus.
   */
  private long loadHole(long address, int size) {
    OpenBus bus = translation.fault() == Fault.NONE ? translation.there().options().openBus() : OpenBus.ZEROS;
    if (bus == OpenBus.ZEROS) {
      return 0;
    }
    MemTxResult soFar = state.result();
    MemTxAttrs own = state.attributes();
    beginCall();
    try {
      return bus.value(address, size) & LittleEndian.mask(size);
    } finally {
      state.restore(soFar, own);
    }
  }

  /** The result of an access that is not served: different for a device that must not be called and for a hole. */
  private static MemTxResult refusal(boolean isDevice) {
    return isDevice ? MemTxResult.ACCESS_ERROR : MemTxResult.DECODE_ERROR;
  }

  private long loadDevice(PhysSection leaf, long offset, int size, Access access) {
    MemTxResult soFar = state.result();
    MemTxAttrs own = state.attributes();
    long value;
    beginCall();
    try {
      value = devices.load(leaf.device, offset, size, access, own);
    } finally {
      state.restore(soFar, own);
    }
    note(leaf, offset, size, access);
    return value;
  }

  private void serveStore(PhysSection leaf, long offset, int size, long value) {
    if (leaf.storesMemory) {
      LittleEndian.set(leaf.memory.segment(), offset, size, value);
      marked(leaf, offset, size);
    } else if (writesForDebugger(leaf)) {
      LittleEndian.set(leaf.memory.segment(), offset, size, value);
      poked(leaf, offset, size);
    } else if (!leaf.deviceWritable || state.attributes().memory()) {
      fail(leaf, offset, size, Access.WRITE, refusal(leaf.deviceWritable));
    } else {
      storeDevice(leaf, offset, size, value);
    }
  }

  /** Whether the initiator is a debugger, whose stores also change memory that guests can only read. */
  boolean writesForDebugger(PhysSection leaf) {
    return state.attributes().debug() && leaf.loadsMemory && !leaf.memory.isReadOnly();
  }

  private void storeDevice(PhysSection leaf, long offset, int size, long value) {
    MemTxResult soFar = state.result();
    MemTxAttrs own = state.attributes();
    beginCall();
    try {
      devices.store(leaf.device, offset, size, value, own);
    } finally {
      state.restore(soFar, own);
    }
    note(leaf, offset, size, Access.WRITE);
  }

  /** Fails the access if the device has failed. */
  private void note(PhysSection leaf, long offset, int size, Access access) {
    if (devices.failures() != MemTxResult.OK) {
      fail(leaf, offset, size, access, devices.failures());
    }
  }

  /** Notes that memory was written. A client's sink may use this reader. */
  void marked(PhysSection leaf, long offset, long length) {
    int mask = leaf.dirtyLogMask();
    if (mask != 0) {
      MemTxResult soFar = state.result();
      MemTxAttrs own = state.attributes();
      try {
        leaf.memory.dirty().mark(offset, length, mask);
      } finally {
        state.restore(soFar, own);
      }
    }
  }

  /** Notes that a debugger has written memory, for all clients. */
  void poked(PhysSection leaf, long offset, long length) {
    MemTxResult soFar = state.result();
    MemTxAttrs own = state.attributes();
    try {
      leaf.memory.dirty().mark(offset, length);
    } finally {
      state.restore(soFar, own);
    }
  }

  /** Whether a device takes an access. Its filter may use this reader. */
  boolean admits(PhysSection leaf, long offset, int size, Access access) {
    MemTxResult soFar = state.result();
    MemTxAttrs own = state.attributes();
    try {
      return leaf.device.admits(offset, size, access, own);
    } finally {
      state.restore(soFar, own);
    }
  }

  /** Whether a watch stops an atomic operation that would store a value. */
  boolean stopsExchange(PhysSection leaf, AddressSpace space, long offset, int size, long value) {
    return leaf.tapped && leaf.taps().asksBefore()
        && stops(leaf, TapIndex.NONE, space, offset, size, Access.WRITE, true, value & LittleEndian.mask(size));
  }

  /** Calls the observers of an atomic operation that has changed memory. */
  void exchanged(PhysSection leaf, AddressSpace space, long offset, int size, long before, long value) {
    marked(leaf, offset, size);
    if (leaf.tapped) {
      call(leaf, TapIndex.NONE, space, offset, size, Access.WRITE, value & LittleEndian.mask(size), true, before);
    }
  }

  void fail(PhysSection leaf, long offset, int size, Access access, MemTxResult failure) {
    state.fail(failure);
    MapTelemetry.get().accessFailed(leaf.section, offset, size, access, failure);
  }
}
