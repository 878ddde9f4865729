package io.flatview.dispatch.topology;

import io.flatview.dispatch.ram.RamBlock;
import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import java.lang.foreign.MemorySegment;

/** A region with memory of its own, whose size is therefore fixed. */
public abstract sealed class MemoryNode extends ParentNode {

  private final RamBlock ram;

  private MemoryNode(Topology topology, String name, Size size, RamBlock ram) {
    super(topology, name, size);
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

  public final void copyIn(long offset, MemorySegment content) {
    check(offset, content.byteSize());
    ram.copyIn(offset, content);
  }

  public final void copyOut(long offset, MemorySegment into) {
    check(offset, into.byteSize());
    ram.copyOut(offset, into);
  }

  private void check(long offset, long length) {
    if (closed) {
      throw new IllegalStateException("region " + this + " is closed; make a new one");
    }
    if (offset < 0 || length > size().toBytes() || offset > size().toBytes() - length) {
      throw new IndexOutOfBoundsException("0x" + Long.toHexString(length) + " bytes at offset "
          + AddressRange.hex(offset) + " do not fit region " + this + " of " + size() + " bytes");
    }
  }

  /** Read and written directly. */
  public static final class RamNode extends MemoryNode implements MemoryRegion.Ram {
    RamNode(Topology topology, String name, Size size, RamBlock ram) {
      super(topology, name, size, ram);
    }
  }

  /** Only read. */
  public static final class RomNode extends MemoryNode implements MemoryRegion.Rom {
    RomNode(Topology topology, String name, Size size, RamBlock ram) {
      super(topology, name, size, ram);
      readOnly = true;
    }
  }

  /** Read as memory in ROM mode; everything else goes to a device. */
  public static final class RomDeviceNode extends MemoryNode implements MemoryRegion.RomDevice {

    private final MmioHandler handler;
    volatile boolean romdMode = true;

    RomDeviceNode(Topology topology, String name, Size size, RamBlock ram, MmioHandler handler) {
      super(topology, name, size, ram);
      this.handler = handler;
    }

    @Override
    public MmioHandler handler() {
      return handler;
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
