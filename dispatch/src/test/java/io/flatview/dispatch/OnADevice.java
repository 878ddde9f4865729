package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A machine with a device at 0x1000 that notes how it is called, and doorbells that note that they ring. */
abstract class OnADevice extends OnAMachine {

  final List<String> rung = new ArrayList<>();
  final Registers registers = new Registers();
  final MemoryRegion.Mmio device = memory.mmio("device", Size.kib(4), registers);

  @BeforeEach
  void placed() {
    place(0x1000, device);
  }

  Doorbell add(Doorbell doorbell) {
    memory.update(tx -> tx.addDoorbell(device, doorbell));
    return doorbell;
  }

  Runnable rings(String what) {
    return () -> rung.add(what);
  }

  void assertRings(String what, long address, int size, long value) {
    rung.clear();
    registers.asked.clear();
    assertStores(address, size, value);
    assertEquals(List.of(what), rung);
    assertEquals(List.of(), registers.asked);
  }

  void assertCallsDevice(long address, int size, long value) {
    rung.clear();
    registers.asked.clear();
    assertStores(address, size, value);
    assertEquals(List.of(), rung);
    assertEquals(1, registers.asked.size());
  }

  void coalesce(long first, long last) {
    memory.update(tx -> tx.addCoalesced(device, new AddressRange(first, last)));
  }
}
