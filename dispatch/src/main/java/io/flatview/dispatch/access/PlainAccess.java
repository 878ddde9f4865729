package io.flatview.dispatch.access;

import io.flatview.dispatch.pagetable.PhysSection;
import io.flatview.dispatch.topology.DeviceBinding;
import io.flatview.memory.Access;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;

/**
 * Accesses that reach a device unchanged: they are not cut, swapped, watched, delayed or locked, and no other device is
 * on the way. The leaf has the outcome of most checks that {@link SlowAccess} makes at each access; {@link #serves}
 * checks conditions that may change during the leaf's lifetime. Confined to the reader's thread.
 *
 * <p>As for every device, the device is entered into the thread's chain, and a nested section is open: the device may
 * use this reader, access itself, close the user's section or change the map. Leaving takes two stores, and so no
 * stack.
 */
final class PlainAccess {

  private final DispatchReader reader;
  private final Sections sections;
  private final AccessState state;
  private final DeviceAccess devices;
  private final SlowAccess slow;

  PlainAccess(
      DispatchReader reader, Sections sections, AccessState state, DeviceAccess devices, SlowAccess slow) {
    this.reader = reader;
    this.sections = sections;
    this.state = state;
    this.devices = devices;
    this.slow = slow;
  }

  /**
   * Whether the device may be called directly for this access: the thread is in no device, the device's gate takes
   * nothing, the access is valid and ends in the section, it is not for memory only, and no reported pages are to be
   * marked before the call.
   */
  boolean serves(DeviceBinding device, PhysSection leaf, long address, int size, MemTxAttrs attributes) {
    return devices.last().isFreeFor(sections.inside)
        && device.isGateOpen()
        && leaf.reaches(address, size)
        && device.takes(address + leaf.toOffset, size)
        && !attributes.memory()
        && !sections.marked;
  }

  long load(DeviceBinding device, PhysSection leaf, long offset, int size, MemTxAttrs attributes) {
    return device.simple != null
        ? loadSimply(device, devices.last(), offset, size)
        : loadByTx(device, leaf, offset, size, attributes);
  }

  private long loadSimply(DeviceBinding device, AccessChain chain, long offset, int size) {
    begin(device, chain);
    sections.depth++;
    try {
      long value = device.simple.read(offset, size);
      state.succeed();
      return value & LittleEndian.mask(size);
    } finally {
      chain.depth = 0;
      sections.depth--;
      end(chain);
    }
  }

  private long loadByTx(DeviceBinding device, PhysSection leaf, long offset, int size, MemTxAttrs attributes) {
    AccessChain chain = devices.last();
    AccessFrame frame = begin(device, chain);
    frame.begin(device, reader, attributes);
    sections.depth++;
    try {
      long value = frame.load(offset, size);
      note(leaf, offset, size, Access.READ, frame.failures());
      return value;
    } finally {
      chain.depth = 0;
      sections.depth--;
      end(chain);
    }
  }

  /** Makes a store; {@code value} must have no bits above the size. */
  MemTxResult store(
      DeviceBinding device, PhysSection leaf, long offset, int size, long value, MemTxAttrs attributes) {
    return device.simple != null
        ? storeSimply(device, devices.last(), offset, size, value)
        : storeByTx(device, leaf, offset, size, value, attributes);
  }

  private MemTxResult storeSimply(DeviceBinding device, AccessChain chain, long offset, int size, long value) {
    begin(device, chain);
    sections.depth++;
    try {
      device.simple.write(offset, size, value);
      state.succeed();
      return MemTxResult.OK;
    } finally {
      chain.depth = 0;
      sections.depth--;
      end(chain);
    }
  }

  private MemTxResult storeByTx(
      DeviceBinding device, PhysSection leaf, long offset, int size, long value, MemTxAttrs attributes) {
    AccessChain chain = devices.last();
    AccessFrame frame = begin(device, chain);
    frame.begin(device, reader, attributes);
    sections.depth++;
    try {
      frame.store(offset, size, value);
      note(leaf, offset, size, Access.WRITE, frame.failures());
      return state.result();
    } finally {
      chain.depth = 0;
      sections.depth--;
      end(chain);
    }
  }

  private static AccessFrame begin(DeviceBinding device, AccessChain chain) {
    StackRoom.require();
    return chain.enterOutermost(device);
  }

  /** Notes the result of the device, also if its callback used this reader. */
  private void note(PhysSection leaf, long offset, int size, Access access, MemTxResult failures) {
    state.succeed();
    if (failures != MemTxResult.OK) {
      slow.fail(leaf, offset, size, access, failures);
    }
  }

  private void end(AccessChain chain) {
    if (chain.isUnsettled() || sections.depth == 0) {
      reader.end();
    }
  }
}
