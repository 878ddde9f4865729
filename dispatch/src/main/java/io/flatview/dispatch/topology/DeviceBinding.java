package io.flatview.dispatch.topology;

import io.flatview.dispatch.doorbell.DeviceGate;
import io.flatview.dispatch.waits.Held;
import io.flatview.memory.Access;
import io.flatview.memory.AccessSizes;
import io.flatview.memory.AddressRange;
import io.flatview.memory.DeviceGuard;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.DeviceGuard.Reentrancy;
import io.flatview.memory.MemTx;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.MmioRules;
import io.flatview.memory.Size;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReentrantLock;

/** A device in a region, with its rules as they were when the region was made, in the form that accesses need. */
public final class DeviceBinding {

  /** The device. */
  public final MmioDevice handler;

  /** Whether every valid access goes to the device unchanged. */
  public final boolean direct;

  /** Whether the guard's lock is held around each access. */
  public final boolean locks;

  /** Whether the device may be entered again. */
  public final boolean reenters;

  private static final long WIDEST = AccessSizes.ANY.max();

  /** The device if it implements only the simple form; null if it overrides the methods with {@link MemTx}. */
  public final MmioHandler simple;

  private final RegionNode region;
  private final MmioRules rules;
  private final AccessSizes valid;
  private final boolean admitsAll;

  /** The gate before an MMIO device; made for the first doorbell or coalesced range, and kept. */
  private volatile DeviceGate gate;

  DeviceBinding(RegionNode region, MmioDevice handler) {
    this.region = region;
    this.handler = handler;
    this.rules = handler.rules();
    if (rules == null) {
      throw new NullPointerException("rules of the device of " + named());
    }
    this.valid = rules.valid();
    this.direct = !isBigEndian() && servesAll(rules.implemented(), valid);
    this.admitsAll = valid.equals(AccessSizes.ANY) && rules.filter().isEmpty();
    DeviceGuard guard = guard();
    this.locks = guard != null && guard.locking() == Locking.DEVICE;
    this.simple = SimpleForm.of(handler);
    this.reenters = guard != null && guard.reentrancy() == Reentrancy.ALLOW;
  }

  /** The guard that the device shares with others of its regions; null if the region is guarded alone. */
  private DeviceGuard guard() {
    return rules.guard().orElse(null);
  }

  private static boolean servesAll(AccessSizes implemented, AccessSizes valid) {
    for (int size = 1; size <= WIDEST; size++) {
      if (valid.contains(size) && !implemented.contains(size)) {
        return false;
      }
    }
    return implemented.unaligned() || !valid.unaligned();
  }

  private String named() {
    return "region '" + region.name() + "'";
  }

  private String guarded() {
    return named() + " of " + (guard() != null ? guard().toString() : "device '" + region.name() + "'");
  }

  /**
   * The accesses that are implemented.
   *
   * @return the accesses that the device may be called for
   */
  public AccessSizes implemented() {
    return rules.implemented();
  }

  /**
   * The byte order of the device's values.
   *
   * @return true if they are big endian
   */
  public boolean isBigEndian() {
    return rules.order() == ByteOrder.BIG_ENDIAN;
  }

  /**
   * Whether small stores read the device first: {@link io.flatview.memory.MmioRules.SmallWrites#MERGE}.
   *
   * @return false if the device is called once, with lanes
   */
  public boolean merges() {
    return rules.smallWrites() == MmioRules.SmallWrites.MERGE;
  }

  /**
   * Whether accesses of a valid size reach the device unchanged, with no filter to call and no lock to take.
   *
   * @return false if anything but a gate may be in between
   */
  public boolean isPlain() {
    return direct && !locks && rules.filter().isEmpty();
  }

  /**
   * The lock of a device that {@link #locks}.
   *
   * @return the guard's lock
   */
  public ReentrantLock lock() {
    return guard().lock();
  }

  /**
   * The doorbells and coalesced stores of the device.
   *
   * @return the gate before the device, or null if it never had any
   */
  public DeviceGate gate() {
    return gate;
  }

  /**
   * The stores that the gate takes.
   *
   * @return the rules in force
   */
  public DeviceGate.Rules gateRules() {
    DeviceGate made = gate;
    return made == null ? DeviceGate.Rules.NONE : made.rules();
  }

  /**
   * Whether no access needs the gate.
   *
   * @return true if every access is for the device; false in doubt
   */
  public boolean isGateOpen() {
    DeviceGate made = gate;
    return made == null || made.isOpen();
  }

  /** The gate, to be closed by a commit, which alone may call this. Allocates nothing from the second call on. */
  DeviceGate makeGate() {
    if (gate == null) {
      gate = new DeviceGate();
    }
    return gate;
  }

  /**
   * Whether an access is valid.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes
   * @param access the kind of access
   * @param attributes the attributes of the initiator
   * @return false if it is refused
   */
  public boolean admits(long offset, int size, Access access, MemTxAttrs attributes) {
    return admitsAll || isValid(offset, size, access, attributes);
  }

  /**
   * Whether an access is valid, for a device that is {@link #plain}.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes
   * @return false if it is refused
   */
  public boolean takes(long offset, int size) {
    return admitsAll || valid.allow(offset, size);
  }

  private boolean isValid(long offset, int size, Access access, MemTxAttrs attributes) {
    return (rules.filter().isEmpty() || rules.filter().get().accepts(offset, size, access, attributes))
        && valid.allow(offset, size);
  }

  /**
   * The access that a long transfer makes next: the largest that is valid and aligned, or else the largest that is
   * valid anywhere; one that is refused if none is valid.
   *
   * @param offset the offset in the region, unsigned
   * @param left the number of bytes left, at least 1
   * @return the number of bytes
   */
  public int step(long offset, long left) {
    int most = (int) Math.min(left, WIDEST);
    for (int size = valid.largestWithin(most); size > 0; size = valid.largestWithin(size - 1)) {
      if (AccessSizes.isAligned(offset, size)) {
        return size;
      }
    }
    int anywhere = valid.unaligned() ? valid.largestWithin(most) : 0;
    return anywhere > 0 ? anywhere : (int) Math.min(Long.lowestOneBit(offset | WIDEST), Integer.highestOneBit(most));
  }

  /**
   * Whether a call lies in the region; a call that is wider than the access may end beyond it.
   *
   * @param offset the offset in the region, unsigned
   * @param size the number of bytes
   * @return false if the device must not be called so
   */
  public boolean reaches(long offset, int size) {
    Size extent = region.size();
    return !extent.isEmpty() && Long.compareUnsigned(offset + size - 1, extent.last()) <= 0;
  }

  /**
   * Whether two bindings belong to one device.
   *
   * @param other the other binding
   * @return true if they share a handler or a guard
   */
  public boolean isSameDevice(DeviceBinding other) {
    return handler == other.handler || guard() != null && guard() == other.guard();
  }

  /**
   * The device's lock, for a thread that waits for it.
   *
   * @return the lock, named after the device, or the turn
   */
  public Held held() {
    return new Lock(guard(), handler instanceof NotifierTurn);
  }

  /** The lock of a device, or a turn. */
  private record Lock(DeviceGuard guard, boolean isTurn) implements Held {

    @Override
    public Thread holder() {
      return guard.holder().orElse(null);
    }

    @Override
    public String toString() {
      return isTurn ? "the turn to call " + guard.name() : "the lock of " + guard;
    }
  }

  /**
   * An offset in messages.
   *
   * @param offset the offset in the region, unsigned
   * @return the region and the offset
   */
  public String at(long offset) {
    return guarded() + " at offset " + AddressRange.hex(offset);
  }

  @Override
  public String toString() {
    return guarded();
  }

  /** Finds devices that implement only the simple form, which is then called directly and saves one call. */
  private static final class SimpleForm {

    private static final ClassValue<Boolean> SIMPLE = new ClassValue<>() {
      @Override
      protected Boolean computeValue(Class<?> type) {
        return isInherited(type, "read", long.class, int.class, MemTx.class)
            && isInherited(type, "write", long.class, int.class, long.class, MemTx.class);
      }
    };

    private SimpleForm() {}

    /** The device, or null if it overrides the full form. */
    static MmioHandler of(MmioDevice device) {
      return device instanceof MmioHandler handler && SIMPLE.get(device.getClass()) ? handler : null;
    }

    private static boolean isInherited(Class<?> type, String method, Class<?>... parameters) {
      try {
        return type.getMethod(method, parameters).getDeclaringClass() == MmioHandler.class;
      } catch (NoSuchMethodException e) {
        return false;
      }
    }
  }
}
