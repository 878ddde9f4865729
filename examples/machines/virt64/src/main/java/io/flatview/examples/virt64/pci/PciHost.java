package io.flatview.examples.virt64.pci;

import io.flatview.examples.virt64.device.BoardDevice;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DeviceGuard.Locking;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The root complex: configuration space by ECAM, and the two spaces in which base address registers place regions.
 *
 * <p>The device's lock guards the configuration spaces. A write that moves something opens a transaction inside the
 * callback, which is committed when the access has ended and the lock is free. A listener sees to it that the map shows
 * what the registers say after the last of several commits.
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
  private final Map<PciFunction, List<PlacedBar>> bars = new HashMap<>();

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
   * @param function the function to plug
   */
  public void plug(int device, PciFunction function) {
    functions.put(device << DEVICE_SHIFT >>> FUNCTION_SHIFT, function);
    List<PlacedBar> placed = new ArrayList<>();
    memory.update(tx -> function.bars().forEach((index, bar) -> {
      PlacedBar one = new PlacedBar(function, index, limit(bar.kind()));
      one.add(bar.kind().isPorts() ? portSpace : memorySpace, tx);
      placed.add(one);
    }));
    bars.put(function, placed);
  }

  private long limit(PciBar.Kind kind) {
    return switch (kind) {
      case PORTS -> portSpace.size().last();
      case MEMORY -> 0xffff_fffeL;
      case WIDE_MEMORY -> -2;
    };
  }

  /**
   * Keeps what a space shows as the registers say, whichever hart commits last.
   *
   * @param space that shows the windows
   * @return ends that, before the memory system is closed
   */
  public AddressSpace.Registration watch(AddressSpace space) {
    return space.addListener(MemoryListener.batch(_ -> correct()));
  }

  private void correct() {
    List<PlacedBar> misplaced = bars.values().stream().flatMap(List::stream).filter(PlacedBar::isMisplaced).toList();
    if (!misplaced.isEmpty()) {
      memory.update(transaction -> misplaced.forEach(bar -> bar.place(transaction)));
    }
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
      List<PlacedBar> moved = bars.get(function).stream().filter(PlacedBar::look).toList();
      if (!moved.isEmpty()) {
        memory.update(transaction -> moved.forEach(bar -> bar.place(transaction)));
      }
    }
  }
}
