package io.flatview.iommu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WindowIommuTest {

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final MemorySystem memory = DispatchMemory.create(policy);
  private final MemoryRegion.Ram ram = memory.ram("ram", Size.mib(1));
  private final AddressSpace system = memory.addressSpace("memory", ram);
  private final WindowIommu iommu = new WindowIommu();
  private final AddressSpace device = memory.addressSpace("device", memory.iommu("iommu", Size.FULL, iommu));
  private final MapReader reader = memory.newReader("test");

  @AfterEach
  void close() {
    reader.close();
    memory.close();
    policy.close();
  }

  private static AddressRange range(long first, long last) {
    return new AddressRange(first, last);
  }

  @Test
  void theExampleOfThePackageDoesWhatItSays() {
    IommuModel model = _ -> iommu;
    AddressSpace nic = model.busMaster(memory, "nic", 0x08);
    AddressRange buffers = range(0x10_0000, 0x10_ffff);
    iommu.map(buffers, system, 0x4000, Permission.READ_WRITE);
    assertEquals(MemTxResult.OK, reader.store(nic, 0x10_1234, 4, 0x1122_3344));
    assertEquals(0x1122_3344, reader.load(system, 0x5234, 4));
    reader.load(nic, 0x20_0000, 4);
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
    iommu.unmap(buffers);
    assertEquals(MemTxResult.DECODE_ERROR, reader.store(nic, 0x10_1234, 4, 0));
  }

  @Test
  void anAddressInAWindowLeadsToTheTarget() {
    iommu.map(range(0x10_0000, 0x10_ffff), system, 0x4000, Permission.READ_WRITE);
    try (ReadSection _ = reader.enter()) {
      Translation translation = reader.translate(device, 0x10_1234, 4, Access.READ);
      assertSame(ram, translation.section().region());
      assertSame(system, translation.addressSpace());
      assertEquals(0x5234, translation.address());
      assertEquals(4, translation.length());
    }
  }

  @Test
  void theLengthEndsWithTheBlockThatTheEntryDescribes() {
    iommu.map(range(0x1000, 0x2fff), system, 0x8000, Permission.READ_WRITE);
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x800, reader.translate(device, 0x1800, 0x10000, Access.READ).length());
      assertEquals(0x1000, reader.translate(device, 0x2000, 0x10000, Access.READ).length());
    }
  }

  @Test
  void aBlockIsNeverLargerThanTheAlignmentOfBothSidesAllows() {
    iommu.map(range(0, 0xffff), system, 0x3000, Permission.READ);
    try (ReadSection _ = reader.enter()) {
      for (long address = 0; address <= 0xffff; address += 0x123) {
        assertEquals(address + 0x3000, reader.translate(device, address, 1, Access.READ).address());
      }
    }
  }

  @Test
  void whatIsNotGrantedGivesTheUnassignedSection() {
    iommu.map(range(0, 0xfff), system, 0, Permission.READ);
    try (ReadSection _ = reader.enter()) {
      assertTrue(reader.translate(device, 0, 4, Access.READ).isAssigned());
      Translation refused = reader.translate(device, 0, 4, Access.WRITE);
      assertFalse(refused.isAssigned());
      assertEquals(Translation.Fault.PERMISSION, refused.fault());
      assertFalse(reader.translate(device, 0x1000, 4, Access.READ).isAssigned());
    }
    assertEquals(MemTxResult.DECODE_ERROR, reader.store(device, 0, 4, 1));
  }

  @Test
  void accessesGoThroughTwoIommusAndNarrowAtEach() {
    WindowIommu second = new WindowIommu();
    AddressSpace nested = memory.addressSpace("nested", memory.iommu("second", Size.FULL, second));
    second.map(range(0x7000_0000, 0x7000_0fff), device, 0x2000, Permission.READ_WRITE);
    iommu.map(range(0x2000, 0x27ff), system, 0x9000, Permission.READ_WRITE);
    reader.store(nested, 0x7000_0010, 8, 0x1122_3344_5566_7788L);
    assertEquals(0x5566_7788L, reader.load(system, 0x9010, 4));
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x7f0, reader.translate(nested, 0x7000_0010, 0x4000, Access.READ).length());
    }
  }

  @Test
  void aCircleOfIommusEndsAtTheHopLimit() {
    iommu.map(range(0, 0xfff), device, 0, Permission.READ_WRITE);
    try (ReadSection _ = reader.enter()) {
      Translation lost = reader.translate(device, 0x10, 4, Access.READ);
      assertEquals(Translation.Fault.HOP_LIMIT, lost.fault());
      assertFalse(lost.isAssigned());
    }
    assertEquals(0, reader.load(device, 0x10, 4));
    assertEquals(MemTxResult.DECODE_ERROR, reader.lastResult());
  }

  @Test
  void anUnmappedWindowIsRefusedInTheNextSection() {
    iommu.map(range(0, 0xfff), system, 0, Permission.READ_WRITE);
    assertEquals(MemTxResult.OK, reader.store(device, 0, 4, 1));
    iommu.unmap(range(0, 0xfff));
    assertEquals(MemTxResult.DECODE_ERROR, reader.store(device, 0, 4, 1));
  }

  @Test
  void overlappingWindowsAreRefusedAndTheErrorNamesBoth() {
    iommu.map(range(0x1000, 0x1fff), system, 0, Permission.READ);
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
        () -> iommu.map(range(0x1fff, 0x2ffe), system, 0x4000, Permission.WRITE));
    assertTrue(refused.getMessage().contains("0000000000001000-0000000000001fff"), refused.getMessage());
    assertTrue(refused.getMessage().contains("0000000000001fff-0000000000002ffe"), refused.getMessage());
  }

  @Test
  void aWindowThatWrapsAroundInItsTargetIsRefused() {
    assertThrows(IllegalArgumentException.class,
        () -> iommu.map(range(0, 0xfff), system, -0x800, Permission.READ));
    iommu.map(range(0, 0xfff), system, -0x1000, Permission.READ);
  }

  // Notifiers that mirror its windows

  @Test
  void aMirrorOfTheWindowsIsToldOfEachInOrder() {
    List<IommuEvent> told = new ArrayList<>();
    iommu.map(range(0x1000, 0x2fff), system, 0x8000, Permission.READ);
    MemoryRegion.Iommu region = (MemoryRegion.Iommu) device.root();
    IommuNotifier.Registration mirror =
        region.addNotifier(new IommuNotifier("mirror", EnumSet.allOf(IommuEvent.Kind.class), told::add));
    mirror.replay(reader);
    iommu.map(range(0x5001, 0x5003), system, 0x77, Permission.WRITE);
    iommu.unmap(range(0x1000, 0x2fff));
    mirror.close();
    iommu.unmap(range(0x5001, 0x5003));
    assertEquals(List.of(
        new IommuEvent.Map(range(0x1000, 0x2fff), system, 0x8000, true, false),
        new IommuEvent.Map(range(0x5001, 0x5003), system, 0x77, false, true),
        new IommuEvent.Unmap(range(0x1000, 0x2fff))), told);
  }

  /** Forbidden: a region gets the answer first, and is left with a window that is gone. */
  @Test
  void aChangeThatANotifierMakesIsToldToAllRegionsAfterTheFirst() {
    List<List<IommuEvent.Kind>> told = new ArrayList<>();
    AddressRange window = range(0x1000, 0x1fff);
    boolean[] unmapped = {false};
    for (int i = 0; i < 4; i++) {
      List<IommuEvent.Kind> own = new ArrayList<>();
      told.add(own);
      memory.iommu("iommu " + i, Size.FULL, iommu)
          .addNotifier(new IommuNotifier("mirror", EnumSet.allOf(IommuEvent.Kind.class), event -> {
            own.add(event.kind());
            if (!unmapped[0]) {
              unmapped[0] = true;
              iommu.unmap(window);
            }
          }));
    }
    iommu.map(window, system, 0, Permission.READ);
    List<IommuEvent.Kind> each = List.of(IommuEvent.Kind.MAP, IommuEvent.Kind.UNMAP);
    assertEquals(List.of(each, each, each, each), told);
  }

  @Test
  void aChangeThatANotifierWaitsForIsRefusedInTheEndAndNothingHasChanged() {
    MemoryRegion.Iommu region = (MemoryRegion.Iommu) device.root();
    List<Throwable> refused = new ArrayList<>();
    region.addNotifier(new IommuNotifier("mirror", EnumSet.of(IommuEvent.Kind.MAP), _ -> refused.add(
        CompletableFuture.runAsync(() -> iommu.map(range(0x5000, 0x5fff), system, 0, Permission.READ))
            .handle((_, thrown) -> thrown.getCause()).orTimeout(120, TimeUnit.SECONDS).join())));
    iommu.map(range(0x1000, 0x2fff), system, 0x8000, Permission.READ);
    assertEquals(List.of(IllegalStateException.class), refused.stream().map(Object::getClass).toList());
    assertThrows(IllegalArgumentException.class, () -> iommu.unmap(range(0x5000, 0x5fff)));
  }

  @Test
  void itsOwnerIsToldOfRefusedAccesses() {
    List<String> faults = new ArrayList<>();
    WindowIommu strict = new WindowIommu((address, access, fault) -> faults.add(access + " " + address + " " + fault));
    AddressSpace dma = memory.addressSpace("dma", memory.iommu("strict", Size.FULL, strict));
    reader.store(dma, 0x40, 1, 1);
    assertEquals(List.of("WRITE 64 PERMISSION"), faults);
  }
}
