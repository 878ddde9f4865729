package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What listeners hear of doorbells and coalesced ranges. */
class DoorbellListenerTest extends OnADevice {

  /** Writes down where doorbells and coalesced ranges come and go, and refuses once if it is set to. */
  private static final class Witness implements MemoryListener {

    private final String name;
    private final int priority;
    private final List<String> heard;
    private String refused = "nothing";

    Witness(String name, int priority, List<String> heard) {
      this.name = name;
      this.priority = priority;
      this.heard = heard;
    }

    private void hear(String what, long address) {
      if (what.equals(refused)) {
        refused = "nothing";
        throw new IllegalArgumentException("on purpose");
      }
      heard.add(name + " " + what + " " + Long.toHexString(address));
    }

    @Override
    public int priority() {
      return priority;
    }

    @Override
    public boolean wantsDoorbells() {
      return true;
    }

    @Override
    public void regionAdd(MemoryRegionSection section) {
      hear("region+", section.range().first());
    }

    @Override
    public void regionDel(MemoryRegionSection section) {
      hear("region-", section.range().first());
    }

    @Override
    public void doorbellAdd(MemoryRegion.Mmio device, long address, Doorbell doorbell) {
      hear("bell+", address);
    }

    @Override
    public void doorbellDel(MemoryRegion.Mmio device, long address, Doorbell doorbell) {
      hear("bell-", address);
    }

    @Override
    public void coalescedAdd(MemoryRegion.Mmio device, AddressRange addresses) {
      hear("wait+", addresses.first());
    }

    @Override
    public void coalescedDel(MemoryRegion.Mmio device, AddressRange addresses) {
      hear("wait-", addresses.first());
    }
  }

  private static void assertHeard(List<String> heard, String... expected) {
    assertEquals(List.of(expected), heard);
    heard.clear();
  }

  @Test
  void listenersHearWhereDoorbellsAndCoalescedRangesComeAndGo() {
    List<String> heard = new ArrayList<>();
    Doorbell bell = add(Doorbell.at(0x10, 4, rings("bell")));
    coalesce(0x100, 0x1ff);
    AddressSpace.Registration a = space.addListener(new Witness("a", 1, heard));
    assertHeard(heard, "a region+ 1000", "a wait+ 1100", "a bell+ 1010");
    try (AddressSpace.Registration _ = space.addListener(new Witness("b", 2, heard))) {
      heard.clear();
      memory.update(tx -> tx.removeDoorbell(device, bell));
      assertHeard(heard, "b bell- 1010", "a bell- 1010");
      memory.update(tx -> tx.addDoorbell(device, bell).clearCoalesced(device));
      assertHeard(heard, "b wait- 1100", "a wait- 1100", "a bell+ 1010", "b bell+ 1010");
    }
    coalesce(0x100, 0x1ff);
    heard.clear();
    memory.update(tx -> tx.setAddress(device, 0x3000));
    assertHeard(heard, "a wait- 1100", "a region- 1000", "a region+ 3000", "a wait+ 3100", "a bell- 1010",
        "a bell+ 3010");
    place(0x8000, alias("window", device, 0x10, 0x80));
    assertHeard(heard, "a region+ 8000", "a bell+ 8000");
    a.close();
    assertHeard(heard, "a wait- 3100", "a region- 3000", "a region- 8000", "a bell- 3010", "a bell- 8000");
    memory.update(tx -> tx.removeDoorbell(device, bell));
    assertHeard(heard);
  }

  @Test
  void aListenerThatRefusesADoorbellLeavesNoneBehind() {
    List<String> heard = new ArrayList<>();
    Witness second = new Witness("b", 2, heard);
    try (AddressSpace.Registration _ = space.addListener(new Witness("a", 1, heard));
        AddressSpace.Registration _ = space.addListener(second)) {
      heard.clear();
      second.refused = "bell+";
      assertFault(MapFault.Id.LISTENER_FAILED, () -> memory.update(tx -> tx
          .addCoalesced(device, new AddressRange(0x100, 0x1ff))
          .addDoorbell(device, Doorbell.at(0x10, rings("bell")))), "on purpose");
      assertHeard(heard,
          "a wait+ 1100", "b wait+ 1100", "a bell+ 1010", "a bell- 1010", "b wait- 1100", "a wait- 1100");
      assertEquals(List.of(), device.doorbells());
      assertCallsDevice(0x1010, 4, 1);
      assertCallsDevice(0x1100, 4, 1);
    }
  }
}
