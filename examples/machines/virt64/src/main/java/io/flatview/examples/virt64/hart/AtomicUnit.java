package io.flatview.examples.virt64.hart;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ThreadConfined;
import java.lang.invoke.VarHandle;

/**
 * The instructions of RV64A, by the guest atomics of the reader or what devices have for them. Confined to the hart's
 * thread.
 */
@ThreadConfined
final class AtomicUnit {

  private final PrivilegedState state;
  private final GuestTrap trap;
  private final AddressSpace space;
  private final GuestTranslation translation;
  private final DeviceAtomics devices;
  private MapReader reader;
  private boolean touchedDevice;
  private long reservedAddress;
  private int reservedSize;
  private long reservedValue;

  AtomicUnit(
      PrivilegedState state,
      GuestTrap trap,
      AddressSpace space,
      GuestTranslation translation,
      DeviceAtomics devices) {
    this.state = state;
    this.trap = trap;
    this.space = space;
    this.translation = translation;
    this.devices = devices;
  }

  void attach(MapReader reader) {
    this.reader = reader;
  }

  void dropReservation() {
    reservedSize = 0;
  }

  /** Whether the last one was carried out on a device. */
  boolean touchedDevice() {
    return touchedDevice;
  }

  /** @return what goes to the destination register */
  long execute(int funct5, long address, int size, long operand) {
    Use use = switch (funct5) {
      case Atomics.LR -> Use.LOAD;
      case Atomics.SC -> Use.STORE;
      default -> Use.ATOMIC;
    };
    if ((address & size - 1) != 0) {
      throw trap.of(funct5 == Atomics.LR ? Cause.LOAD_MISALIGNED : Cause.STORE_MISALIGNED, address);
    }
    touchedDevice = false;
    long physical = translation.reach(address, size, use, state.dataMode());
    if (funct5 == Atomics.SC && !takeReservation(physical, size)) {
      return 1;
    }
    long result = operate(funct5, physical, size, operand);
    if (!reader.lastResult().isOk()) {
      throw trap.of(use.accessFault, address);
    }
    return size == Integer.BYTES ? (int) result : result;
  }

  private long operate(int funct5, long physical, int size, long operand) {
    return switch (funct5) {
      case Atomics.LR -> loadReserved(physical, size);
      case Atomics.SC -> storeConditional(physical, size, operand) ? 0 : 1;
      default -> change(physical, size, Atomics.operation(funct5), operand);
    };
  }

  private long change(long physical, int size, AtomicOp op, long operand) {
    long old = reader.fetchAndOp(space, physical, size, op, operand);
    if (meetsDevice(physical, size)) {
      return devices.fetchAndOp(reader, space, physical, size, op, operand);
    }
    return old;
  }

  private boolean meetsDevice(long physical, int size) {
    touchedDevice = !reader.lastResult().isOk() && devices.concerns(reader, space, physical, size);
    return touchedDevice;
  }

  /**
   * The first fence keeps the load behind the hart's own earlier stores, as {@code lr.aqrl} asks; it pairs with the
   * same fence, or the atomic, of the hart that wrote. The second keeps what follows behind the load; it pairs with the
   * release in another hart's {@code sc} or store.
   */
  private long loadReserved(long physical, int size) {
    VarHandle.fullFence();
    reservedValue = reader.load(space, physical, size);
    VarHandle.acquireFence();
    reservedAddress = physical;
    reservedSize = size;
    return reservedValue;
  }

  private boolean takeReservation(long physical, int size) {
    boolean reserved = reservedSize == size && reservedAddress == physical;
    reservedSize = 0;
    return reserved;
  }

  /** Compares the value and not the history, as other emulators do. */
  private boolean storeConditional(long physical, int size, long value) {
    long old = reader.compareAndExchange(space, physical, size, reservedValue, value);
    if (meetsDevice(physical, size)) {
      old = devices.compareAndExchange(reader, space, physical, size, reservedValue, value);
    }
    return old == reservedValue;
  }
}
