package io.flatview.examples.cli.demo.place;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.List;
import java.util.Set;

/**
 * Eight containers in free ranges of the machine's main address space, in which everything is plugged and unplugged.
 *
 * <p>They are seen in three ways: directly; in a second address space through aliases, the <em>doors</em>, each of
 * which can be shut; and in a third one through an IOMMU that leads back into the main space. One commit changes all
 * three.
 */
public final class Windows implements AutoCloseable {

  /** How many windows there are. */
  public static final int COUNT = 8;
  /** How many cells a window has. */
  public static final int CELLS = 16;
  /** How large a cell is; less than a page, so that pages are shared. */
  public static final long CELL_BYTES = 1024;
  /** How large a window is. */
  public static final long BYTES = CELLS * CELL_BYTES;
  /** How many ways there are to look at them. */
  public static final int VIEWS = 3;

  private static final long STRIDE = 0x10_0000;
  private static final int POINTS = COUNT * CELLS;

  private final MemorySystem memory;
  private final AddressSpace main;
  private final long[] bases;
  private final MemoryRegion.Container[] containers = new MemoryRegion.Container[COUNT];
  private final MemoryRegion.Alias[] doors = new MemoryRegion.Alias[COUNT];
  private final AddressSpace dma;
  private final AddressSpace device;

  private Windows(MemorySystem memory, AddressSpace main, long[] bases) {
    this.memory = memory;
    this.main = main;
    this.bases = bases;
    MemoryRegion.Container bus = memory.container("dma bus", Size.bytes(COUNT * STRIDE));
    memory.update(changes -> place(changes, bus));
    dma = memory.addressSpace("dma", bus);
    device = memory.addressSpace("device", memory.iommu("iommu", Size.bytes(COUNT * STRIDE), this::translate));
  }

  /**
   * Places empty windows.
   *
   * @param memory the memory system
   * @param main the space whose free ranges are used
   * @return the windows, to be closed when everything in them was unplugged
   * @throws NoRoomException if there is none
   */
  public static Windows open(MemorySystem memory, AddressSpace main) {
    List<AddressRange> holes = FreeRanges.holes(main.flatView(), bounds(main));
    List<Long> places = FreeRanges.places(holes, COUNT, BYTES);
    if (places.size() < COUNT || !(main.root() instanceof MemoryRegion.Parent)) {
      throw new NoRoomException("address space " + main.name() + " has room for " + places.size() + " of "
          + COUNT + " windows of " + BYTES / 1024 + " KiB; choose a map with more free addresses");
    }
    return new Windows(memory, main, places.stream().mapToLong(Long::longValue).toArray());
  }

  private static AddressRange bounds(AddressSpace space) {
    MemoryRegion root = space.root();
    long first = root.address();
    long room = -1 - first;
    long last = root.size().last();
    return new AddressRange(first, first + (Long.compareUnsigned(last, room) < 0 ? last : room));
  }

  private void place(Transaction changes, MemoryRegion.Container bus) {
    for (int window = 0; window < COUNT; window++) {
      containers[window] = memory.container("window " + window, Size.bytes(BYTES));
      doors[window] = memory.alias("door " + window, containers[window], 0, Size.bytes(BYTES));
      long offset = bases[window] - main.root().address();
      changes.addSubregion((MemoryRegion.Parent) main.root(), offset, containers[window]);
      changes.addSubregion(bus, window * STRIDE, doors[window]);
    }
  }

  private void translate(long address, Access access, int index, MapReader reader, IommuTlbEntry entry) {
    long base = bases[(int) (address / STRIDE)];
    long cell = address % STRIDE & -CELL_BYTES;
    entry.grant(main, base + cell, CELL_BYTES - 1, true, true);
  }

  /**
   * The space whose free ranges are used.
   *
   * @return the space
   */
  public AddressSpace main() {
    return main;
  }

  /**
   * All windows.
   *
   * @return their containers
   */
  public Set<MemoryRegion.Container> containers() {
    return Set.of(containers);
  }

  /**
   * A window.
   *
   * @param window the number of the window, from 0
   * @return its container
   */
  public MemoryRegion.Container container(int window) {
    return containers[window];
  }

  /**
   * The way into a window from the second address space.
   *
   * @param window the number of the window, from 0
   * @return its alias
   */
  public MemoryRegion.Alias door(int window) {
    return doors[window];
  }

  /**
   * The watched addresses: for each of the three views, window by window, the cells.
   *
   * @return the points, {@link #VIEWS} x {@link #COUNT} x {@link #CELLS}
   */
  public Points points() {
    AddressSpace[] views = {main, dma, device};
    AddressSpace[] spaces = new AddressSpace[VIEWS * POINTS];
    long[] addresses = new long[VIEWS * POINTS];
    for (int point = 0; point < addresses.length; point++) {
      int window = point % POINTS / CELLS;
      spaces[point] = views[point / POINTS];
      addresses[point] = (spaces[point] == main ? bases[window] : window * STRIDE) + point % CELLS * CELL_BYTES;
    }
    return new Points(spaces, addresses);
  }

  /** Takes the empty windows out of the machine and closes the two further address spaces. */
  @Override
  public void close() {
    device.close();
    dma.close();
    memory.update(this::takeOut);
    closeRegions();
  }

  private void takeOut(Transaction changes) {
    for (int window = 0; window < COUNT; window++) {
      changes.delSubregion(containers[window]).delSubregion(doors[window]);
    }
  }

  private void closeRegions() {
    for (int window = 0; window < COUNT; window++) {
      doors[window].close();
      containers[window].close();
    }
    dma.root().close();
    device.root().close();
  }
}
