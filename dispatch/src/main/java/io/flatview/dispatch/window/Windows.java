package io.flatview.dispatch.window;

import io.flatview.dispatch.access.StackRoom;
import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.topology.RegionNode;
import io.flatview.memory.Access;
import io.flatview.memory.Leak;
import io.flatview.memory.MapReader;
import io.flatview.memory.MapResult;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;

/** Maps the windows of one memory system. Thread-safe. */
public final class Windows {

  private final Supplier<? extends MapReader> readers;
  private final OpenWindows open;

  /**
   * Makes an opener that has opened no window.
   *
   * @param readers supplies the calling thread's reader
   * @param checked whether an access after the end of a window must throw
   */
  public Windows(Supplier<? extends MapReader> readers, boolean checked) {
    this.readers = readers;
    this.open = new OpenWindows(checked);
  }

  /**
   * The windows that have not ended.
   *
   * @return a snapshot
   */
  public List<Leak> leaks() {
    return open.leaks();
  }

  /**
   * Opens a window.
   *
   * @param request the arguments of the caller
   * @param bounce the bounce space of its address space
   * @param length the number of bytes, at least 1, unsigned
   * @return the window, or the reason why there is none
   */
  public MapResult map(WindowRequest request, BounceSpace bounce, long length) {
    if (length == 0) {
      throw new IllegalArgumentException("a window of 0 bytes in " + request.space() + "; ask for at least 1");
    }
    StackRoom.requireForSure();
    MapReader reader = readers.get();
    try (ReadSection _ = reader.enter()) {
      Translation start = request.translate(reader, 0, length);
      MemoryRegionSection section = start.section();
      RamBlock block = memory(section, request);
      if (block != null) {
        long offset = start.offset();
        long run = run(reader, request, length, block, offset, start.length());
        return direct(DirectWindow.on(open, request, block, offset, run), length);
      }
      if (!isDevice(section, request.access())) {
        return new MapResult.Failed(MemTxResult.DECODE_ERROR);
      }
      return request.attributes().memory()
          ? new MapResult.Failed(MemTxResult.ACCESS_ERROR)
          : bounce(reader, request, bounce, length, start);
    }
  }

  private MapResult direct(Window window, long asked) {
    try {
      return result(window, asked);
    } catch (Throwable e) {
      open.remove(window);
      window.release();
      throw e;
    }
  }

  private MapResult result(Window window, long asked) {
    open.add(window);
    return window.length() == asked ? new MapResult.Whole(window) : new MapResult.Part(window);
  }

  /** The memory that takes such an access, or null. */
  private static RamBlock memory(MemoryRegionSection section, WindowRequest request) {
    boolean writes = request.access().writes();
    boolean served = switch (section.region()) {
      case MemoryRegion.Ram _ -> !writes || !section.attributes().readOnly() || isForDebugger(section, request);
      case MemoryRegion.Rom _ -> !writes || isForDebugger(section, request);
      case MemoryRegion.RomDevice _ ->
          section.attributes().romdMode() && (!writes || isForDebugger(section, request));
      case MemoryRegion.Mmio _, MemoryRegion.Iommu _, MemoryRegion.Reserved _, MemoryRegion.Container _,
          MemoryRegion.Bank _, MemoryRegion.Alias _ -> false;
    };
    return served && !refusesFetch(section, request.access()) ? RegionNode.of(section.region()).ram() : null;
  }

  /** Whether a debugger asks, whose stores also change memory that guests can only read. */
  private static boolean isForDebugger(MemoryRegionSection section, WindowRequest request) {
    return request.attributes().debug() && !RegionNode.of(section.region()).ram().isReadOnly();
  }

  private static boolean isDevice(MemoryRegionSection section, Access access) {
    boolean device = RegionNode.of(section.region()).device() != null;
    return device && (!access.writes() || !section.attributes().readOnly()) && !refusesFetch(section, access);
  }

  private static boolean refusesFetch(MemoryRegionSection section, Access access) {
    return access == Access.FETCH && section.attributes().noFetch();
  }

  /**
   * The number of bytes that are contiguous in one memory, across any number of sections and IOMMU blocks. The bytes of
   * the first translation are not translated again, since a bank may select another variant meanwhile.
   */
  private static long run(
      MapReader reader, WindowRequest request, long length, RamBlock block, long start, long first) {
    long run = first;
    while (run != length && request.address() + run != 0) {
      Translation next = request.translate(reader, run, length - run);
      if (memory(next.section(), request) != block || next.offset() != start + run) {
        break;
      }
      run += next.length();
    }
    return run;
  }

  /** Maps a bounce buffer, which ends at the end of the device's section, so that one device gets all of its bytes. */
  private MapResult bounce(
      MapReader reader, WindowRequest request, BounceSpace bounce, long length, Translation start) {
    BounceWindow.Target target = new BounceWindow.Target(start.section().region(), start.offset());
    long granted = bounce.take(start.length());
    if (granted == 0) {
      return new MapResult.Busy(bounce.room());
    }
    MapResult result = null;
    try {
      MemorySegment copy = buffer(granted);
      MemTxResult read = request.access().writes()
          ? MemTxResult.OK
          : reader.read(request.space(), request.address(), copy, request.attributes());
      result = read.isOk()
          ? result(new BounceWindow(open, request, copy, target, readers, bounce), length)
          : new MapResult.Failed(read);
      return result;
    } finally {
      if (result == null || result instanceof MapResult.Failed) {
        bounce.giveBack(granted);
      }
    }
  }

  /** A bounce buffer on the heap; an array of longs, so that values of 8 bytes are aligned. */
  private static MemorySegment buffer(long bytes) {
    return MemorySegment.ofArray(new long[Math.toIntExact(bytes + 7 >>> 3)]).asSlice(0, bytes);
  }
}
