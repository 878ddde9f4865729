package io.flatview.examples.bench.bank;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** The parts of all machines: 256 KiB of ROM with random content, 64 KiB of RAM, and a device. */
final class Cartridge {

  static final int ROM = 256 << 10;

  /** Reads as its offset. */
  static final MmioHandler DEVICE = new MmioHandler() {
    @Override
    public long read(long offset, int size) {
      return offset & 0xff;
    }

    @Override
    public void write(long offset, int size, long value) {}
  };

  private Cartridge() {}

  static byte[] content() {
    byte[] content = new byte[ROM];
    new SplittableRandom(7).nextBytes(content);
    return content;
  }

  static MemoryRegion.Rom rom(DispatchMemory memory) {
    MemoryRegion.Rom rom = memory.rom("rom", Size.bytes(ROM));
    rom.copyIn(0, MemorySegment.ofArray(content()));
    return rom;
  }

  static MemoryRegion.Ram ram(DispatchMemory memory) {
    return memory.ram("ram", Size.kib(64));
  }

  static MemoryRegion.Mmio device(DispatchMemory memory) {
    return memory.mmio("device", Size.kib(4), DEVICE);
  }
}
