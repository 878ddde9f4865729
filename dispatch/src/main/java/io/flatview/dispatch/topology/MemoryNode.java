package io.flatview.dispatch.topology;

import io.flatview.dispatch.ram.RamBlock;
import io.flatview.dispatch.sparse.SparseRam;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioDevice;
import io.flatview.memory.RamDiscardManager;
import io.flatview.memory.Size;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A region with memory of its own, whose size is therefore fixed, or bounded by what the memory can hold. */
public abstract sealed class MemoryNode extends ParentNode {

  private final RamBlock ram;

  private MemoryNode(Topology topology, String name, Size size, RamBlock ram) {
    this(topology, name, size, ram, ram.isReadOnly());
  }

  private MemoryNode(Topology topology, String name, Size size, RamBlock ram, boolean readOnly) {
    super(topology, name, size, readOnly);
    this.ram = ram;
  }

  @Override
  public final boolean answers() {
    return true;
  }

  @Override
  public final RamBlock ram() {
    return ram;
  }

  @Override
  public final CompletionStage<Void> released() {
    return ram.released();
  }

  public final void copyIn(long offset, MemorySegment content) {
    check(offset, content.byteSize());
    refuseReadOnly();
    ram.copyIn(offset, content);
  }

  public final void copyOut(long offset, MemorySegment into) {
    check(offset, into.byteSize());
    ram.copyOut(offset, into);
  }

  final void refuseReadOnly() {
    if (ram.isReadOnly()) {
      throw new IllegalStateException("the backing of region " + this + " is read-only; map the file as private");
    }
  }

  /**
   * Checks that a range lies in this open memory.
   *
   * @param offset the offset of the first byte, unsigned
   * @param length the number of bytes
   */
  public final void check(long offset, long length) {
    check(offset, length, size());
  }

  final void check(long offset, long length, Size bound) {
    requireOpen();
    long end = bound.toBytes();
    if (offset < 0 || length < 0 || length > end || offset > end - length) {
      throw new IndexOutOfBoundsException("0x" + Long.toHexString(length) + " bytes at offset "
          + AddressRange.hex(offset) + " do not fit region " + this + " of " + bound + " bytes");
    }
  }

  /** RAM. */
  public static final class RamNode extends MemoryNode implements MemoryRegion.Ram {

    /** Set once, with the map's lock held; volatile, since any thread may ask. */
    private volatile SparseRam sparse;

    RamNode(Topology topology, String name, Size size, RamBlock ram) {
      super(topology, name, size, ram);
    }

    @Override
    public Size maximum() {
      return ram().maximum();
    }

    @Override
    public long discard(long offset, long length) {
      check(offset, length, maximum());
      refuseReadOnly();
      return ram().discard(offset, length);
    }

    @Override
    public Optional<RamDiscardManager> discardManager() {
      return Optional.ofNullable(sparse);
    }

    /**
     * The discard listeners that are registered.
     *
     * @return a text for each
     */
    public List<String> discardListeners() {
      SparseRam present = sparse;
      return present == null ? List.of() : present.listeners();
    }

    @Override
    public RamDiscardManager newDiscardManager(long granularity) {
      checkGranularity(granularity);
      refuseReadOnly();
      topology().owner().undisturbed(() -> {
        topology().requireUnheld(this);
        if (sparse != null) {
          throw new IllegalStateException("region " + this + " has a discard manager already: " + sparse);
        }
        sparse = new SparseRam(this, new Turns(), granularity);
      });
      return sparse;
    }

    private void checkGranularity(long granularity) {
      long page = 1L << ram().dirty().pageBits();
      long bytes = maximum().toBytes();
      if (Long.bitCount(granularity) != 1 || granularity < page || bytes == 0 || bytes % granularity != 0) {
        throw new IllegalArgumentException("region " + this + " of up to " + maximum() + " bytes cannot be sparse in"
            + " granules of 0x" + Long.toHexString(granularity) + " bytes: a granule is a power of two, of at least 0x"
            + Long.toHexString(page) + " bytes, and divides the memory");
      }
    }

    private final class Turns implements SparseRam.Host {

      private final DeviceBinding turn = NotifierTurn.of("discard listeners", RamNode.this);

      @Override
      public void requireOpen() {
        RamNode.this.requireOpen();
        topology().owner().refuseClosed();
      }

      @Override
      public void inTurn(Runnable calls) {
        topology().owner().inTurn(turn, calls);
      }
    }
  }

  /** ROM. */
  public static final class RomNode extends MemoryNode implements MemoryRegion.Rom {
    RomNode(Topology topology, String name, Size size, RamBlock ram) {
      super(topology, name, size, ram, true);
    }
  }

  /** A ROM device: in ROM mode reads go to the memory, all other accesses to the device. */
  public static final class RomDeviceNode extends MemoryNode implements MemoryRegion.RomDevice {

    private final DeviceBinding device;
    volatile boolean romdMode = true;

    RomDeviceNode(Topology topology, String name, Size size, RamBlock ram, MmioDevice handler) {
      super(topology, name, size, ram);
      this.device = new DeviceBinding(this, handler);
    }

    @Override
    public DeviceBinding device() {
      return device;
    }

    @Override
    public MmioDevice handler() {
      return device.handler;
    }

    @Override
    public boolean isRomdMode() {
      return romdMode;
    }

    @Override
    public boolean romdMode() {
      return romdMode;
    }
  }
}
