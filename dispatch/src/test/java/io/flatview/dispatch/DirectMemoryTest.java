package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory that a translation hands out for accesses without a translation each. */
class DirectMemoryTest extends OnAMachine {

  @BeforeEach
  void openDirtyClients() {
    openDirtyClients(3);
  }

  private MemorySegment direct(AddressSpace from, long address, Access access) {
    return reader.translate(from, address, 1, access).memory();
  }

  private MemorySegment direct(long address, Access access) {
    return direct(space, address, access);
  }

  @Test
  void whatIsStoredDirectlyIsLoadedThroughTheReader() {
    MemoryRegion.Ram ram = ram("ram", 0x4000);
    place(0x1_0000, alias("window", ram, 0x1000, 0x2000));
    try (ReadSection _ = reader.enter()) {
      Translation t = reader.translate(space, 0x1_0010, 0x1000, Access.WRITE);
      assertEquals(0x4000, t.memory().byteSize());
      t.memory().set(ValueLayout.JAVA_BYTE, t.offset(), (byte) 0x5a);
      assertLoads(0x5a, 0x1_0010, 1);
    }
  }

  @Test
  void whatMayNotBeAccessedDirectlyIsNotHandedOut() {
    MemoryRegion.Ram logged = ram("logged", 0x1000);
    place(0, rom("rom", 0x1000));
    place(0x1000, mmio("device", 0x1000));
    place(0x2000, logged);
    memory.update(tx -> tx.setDirtyLogMask(logged, 1));
    try (ReadSection _ = reader.enter()) {
      assertNotNull(direct(0, Access.READ));
      assertNull(direct(0, Access.WRITE));
      assertNull(direct(0x1000, Access.READ));
      assertNull(direct(0x1000, Access.WRITE));
      assertNotNull(direct(0x2000, Access.READ));
      assertNull(direct(0x2000, Access.WRITE));
      assertNull(direct(0x3000, Access.READ));
    }
  }

  /** It may lead elsewhere a moment later, and no generation would tell. */
  @Test
  void whatAnIommuLeadsToIsNotHandedOut() {
    place(0, ram("ram", 0x1000));
    MemoryRegion iommu = memory.iommu(
        "dma", Size.kib(4), (_, _, _, _, entry) -> entry.grant(space, 0, 0xfff, true, true));
    MemoryRegion.Container bus = container("bus", 0x2000);
    memory.update(tx -> tx.addSubregion(bus, 0, iommu).addSubregion(bus, 0x1000, ram("local", 0x1000)));
    AddressSpace dma = memory.addressSpace("dma", bus);
    try (ReadSection _ = reader.enter()) {
      assertNull(direct(dma, 0, Access.READ));
      assertNull(direct(dma, 0, Access.WRITE));
      assertNotNull(direct(dma, 0x1000, Access.READ));
      assertNull(direct(dma, 0, Access.READ));
      assertNotNull(direct(0, Access.WRITE));
    }
  }
}
