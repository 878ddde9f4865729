package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** What the owner of a memory puts in and gets out, whatever guests may do. */
class MemoryContentTest extends OnAMachine {

  private static MemorySegment bytes(int... content) {
    byte[] bytes = new byte[content.length];
    for (int i = 0; i < content.length; i++) {
      bytes[i] = (byte) content[i];
    }
    return MemorySegment.ofArray(bytes);
  }

  private static byte[] copyOut(MemoryRegion.Memory memory, long offset, int size) {
    byte[] out = new byte[size];
    memory.copyOut(offset, MemorySegment.ofArray(out));
    return out;
  }

  @Test
  void anImageIsLoadedIntoRomBeforeItIsPlaced() {
    MemoryRegion.Rom rom = rom("rom", 0x1000);
    rom.copyIn(0xffc, bytes(1, 2, 3, 4));
    place(0xffff_ffff_ffff_f000L, rom);
    assertLoads(0x0403_0201, -4, 4);
    assertEquals(MemTxResult.DECODE_ERROR, store(-4, 4, 0));
    assertLoads(0x0403_0201, -4, 4);
  }

  @Test
  void whatIsPutInShowsInEveryViewAtOnce() {
    MemoryRegion.Rom rom = rom("rom", 0x1000);
    place(0x0000, rom);
    place(0x8000, alias("window", rom, 0, 0x1000));
    try (ReadSection _ = reader.enter()) {
      rom.copyIn(0x10, bytes(0xaa));
      assertLoads(0xaa, 0x10, 1);
      assertLoads(0xaa, 0x8010, 1);
    }
  }

  @Test
  void whatGuestsStoreIsGotOut() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    place(0, ram);
    assertStores(0x100, 4, 0x0403_0201);
    assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 0}, copyOut(ram, 0xff, 6));
  }

  @Test
  void readOnlyMemoryIsFilledAllTheSame() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    memory.update(tx -> tx.addSubregion(system, 0, ram).setReadOnly(ram, true));
    ram.copyIn(0, bytes(7));
    assertLoads(7, 0, 1);
  }

  @Test
  void aFlashDevicePrograms() {
    MemoryRegion.RomDevice[] flash = new MemoryRegion.RomDevice[1];
    flash[0] = memory.romDevice("flash", Size.kib(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0x80;
      }

      @Override
      public void write(long offset, int size, long value) {
        flash[0].copyIn(offset, bytes((int) value));
      }
    });
    place(0, flash[0]);
    assertStores(0x20, 1, 0x5a);
    assertLoads(0x5a, 0x20, 1);
  }

  @Test
  void memoryThatWasNeverTouchedIsZeroAndReservedByTheCopy() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    assertArrayEquals(new byte[16], copyOut(ram, 0, 16));
    ram.copyIn(0, bytes(1));
    assertEquals(1, memory.statistics().ramBlocks());
    ram.close();
    assertEquals(0, memory.statistics().ramBlocks());
  }

  @Test
  void nativeSegmentsWillDo() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    place(0, ram);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment image = arena.allocate(0x1000);
      image.set(ValueLayout.JAVA_BYTE, 0xfff, (byte) 0x77);
      ram.copyIn(0, image.asReadOnly());
    }
    assertLoads(0x77, 0xfff, 1);
  }

  @Test
  void copyingNothingDoesNothing() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    ram.copyIn(0x1000, bytes());
    ram.copyOut(0x1000, bytes());
    assertEquals(0, memory.statistics().ramBlocks());
  }

  @Test
  void whatDoesNotFitIsRefusedWhole() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    place(0, ram);
    for (long offset : new long[] {0xfff, 0x1000, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThrows(IndexOutOfBoundsException.class, () -> ram.copyIn(offset, bytes(1, 2)));
      assertThrows(IndexOutOfBoundsException.class, () -> copyOut(ram, offset, 2));
    }
    assertLoads(0, 0xfff, 1);
  }

  @Test
  void aClosedRegionIsRefused() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    ram.copyIn(0, bytes(1));
    ram.close();
    assertRefused(IllegalStateException.class, () -> ram.copyIn(0, bytes(1)), "'ram'", "closed");
    assertRefused(IllegalStateException.class, () -> copyOut(ram, 0, 1), "'ram'", "closed");
  }

  @Test
  void memoryOfAClosedMemorySystemIsRefused() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    place(0, ram);
    ram.copyIn(0, bytes(1));
    memory.close();
    policy.runGracePeriod();
    assertThrows(IllegalStateException.class, () -> ram.copyIn(0, bytes(1)));
    assertThrows(IllegalStateException.class, () -> copyOut(ram, 0, 1));
  }
}
