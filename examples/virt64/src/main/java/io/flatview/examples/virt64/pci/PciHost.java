package io.flatview.examples.virt64.pci;

import io.flatview.examples.virt64.device.BoardDevice;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.HashMap;
import java.util.Map;

/**
 * The root complex: configuration space by ECAM, and the two spaces in which base address registers place regions.
 *
 * <p>The device's lock guards the configuration spaces. A write that moves something opens a transaction inside the
 * callback, which is committed when the access has ended and the lock is free.
 */
public final class PciHost extends BoardDevice {

  /** The extent of configuration space, in bytes. */
  public static final long CONFIGURATION_SIZE = 0x1000_0000;

  private static final int FUNCTION_SHIFT = 12;
  private static final int DEVICE_SHIFT = 15;

  private final MemorySystem memory;
  private final MemoryRegion.Container memorySpace;
  private final MemoryRegion.Container portSpace;
  private final Map<Integer, PciFunction> functions = new HashMap<>();

  /**
   * A root complex without functions.
   *
   * @param memory where regions live
   * @param portBytes the size of port space
   */
  public PciHost(MemorySystem memory, long portBytes) {
    super("pci host", Locking.DEVICE);
    this.memory = memory;
    memorySpace = memory.container("pci-memory", Size.FULL);
    portSpace = memory.container("pci-ports", Size.bytes(portBytes));
    MemoryRegion nothing = memory.mmio("pci-nothing", Size.FULL, new Nobody());
    MemoryRegion noPorts = memory.mmio("pci-no-ports", Size.bytes(portBytes), new Nobody());
    memory.update(tx -> tx.addSubregion(memorySpace, 0, nothing).addSubregion(portSpace, 0, noPorts));
  }

  /**
   * Where memory registers place regions.
   *
   * @return to be shown through windows
   */
  public MemoryRegion.Container memorySpace() {
    return memorySpace;
  }

  /**
   * Where port registers place regions.
   *
   * @return to be shown through a window
   */
  public MemoryRegion.Container portSpace() {
    return portSpace;
  }

  /**
   * Plugs a function in, as function 0 of a device on bus 0, before the guest runs.
   *
   * @param device the device's number, 0 to 31
   * @param function what
   */
  public void plug(int device, PciFunction function) {
    functions.put(device << DEVICE_SHIFT >>> FUNCTION_SHIFT, function);
  }

  /** Where there is no function, all bits are 1. */
  @Override
  public long read(long offset, int size) {
    PciFunction function = functions.get((int) (offset >>> FUNCTION_SHIFT));
    return function == null ? -1 : function.read((int) offset & PciFunction.SIZE - 1, size);
  }

  @Override
  public void write(long offset, int size, long value) {
    PciFunction function = functions.get((int) (offset >>> FUNCTION_SHIFT));
    if (function != null && function.write((int) offset & PciFunction.SIZE - 1, size, value)) {
      memory.update(transaction -> function.bars().keySet().forEach(index -> place(function, index, transaction)));
    }
  }

  private void place(PciFunction function, int index, Transaction transaction) {
    PciBar bar = function.bars().get(index);
    MemoryRegion region = bar.region();
    boolean placed = region.parent().isPresent();
    long address = function.address(index);
    boolean shows = function.decodes(bar) && isSane(address, bar);
    if (!shows) {
      if (placed) {
        transaction.delSubregion(region);
      }
    } else if (!placed) {
      transaction.addSubregion(bar.kind().isPorts() ? portSpace : memorySpace, address, region, 1);
    } else if (region.address() != address) {
      transaction.setAddress(region, address);
    }
  }

  /** Registers hold 0 after a reset, and all ones while firmware asks for their size. */
  private boolean isSane(long address, PciBar bar) {
    long last = address + bar.size() - 1;
    long limit = switch (bar.kind()) {
      case PORTS -> portSpace.size().last();
      case MEMORY -> 0xffff_fffeL;
      case WIDE_MEMORY -> -2;
    };
    return address != 0 && Long.compareUnsigned(last, address) > 0 && Long.compareUnsigned(last, limit) <= 0;
  }
}
