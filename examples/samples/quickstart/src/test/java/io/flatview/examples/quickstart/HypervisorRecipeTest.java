package io.flatview.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.DirtyClient;
import io.flatview.memory.MapException;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.RamBacking;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recipe of a hypervisor's slots, with a hypervisor that only notes them. */
@Timeout(60)
class HypervisorRecipeTest {

  private final ReclaimPolicy policy = ReclaimPolicies.discover();
  private final MemorySystem memory = DispatchMemory.create(policy);
  private final MemoryRegion.Container system = memory.container("system", Size.FULL);
  private final AddressSpace space = memory.addressSpace("cpu", system);
  private final MapReader reader = memory.newReader("vcpu");
  private final Hypervisor hypervisor = new Hypervisor();
  private final AddressSpace.Registration slots = space.addListener(new Slots(hypervisor));
  private final MemorySegment host = Arena.ofAuto().allocate(0x8000, 0x1000);
  private final MemoryRegion.Ram ram = memory.ram("ram", RamBacking.of(host));
  private final MemoryRegion.Mmio device = memory.mmio("device", Size.bytes(0x80), new MmioHandler() {
    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {}
  });

  /** A slot of a hypervisor such as KVM. */
  private record Slot(long size, long host, boolean readOnly, boolean logged) {}

  /** Takes a few slots, and notes the pages that guests write. */
  private static final class Hypervisor {

    private static final int MOST = 4;

    private final Map<Long, Slot> slots = new TreeMap<>();
    private final Set<Long> dirty = new TreeSet<>();

    void set(long first, Slot slot) {
      if (slots.size() == MOST && !slots.containsKey(first)) {
        throw new IllegalStateException("there are " + MOST + " slots");
      }
      slots.put(first, slot);
    }

    void remove(long first) {
      slots.remove(first);
    }

    Set<Long> takeDirty() {
      Set<Long> taken = new TreeSet<>(dirty);
      dirty.clear();
      return taken;
    }
  }

  /** Keeps the slots of a hypervisor as the view is. */
  private static final class Slots implements MemoryListener {

    private final Hypervisor hypervisor;

    Slots(Hypervisor hypervisor) {
      this.hypervisor = hypervisor;
    }

    @Override
    public void regionAdd(MemoryRegionSection section) {
      set(section, section.attributes().dirtyLogMask());
    }

    @Override
    public void regionDel(MemoryRegionSection section) {
      hypervisor.remove(firstPage(section));
    }

    @Override
    public void logStart(MemoryRegionSection section, int before, int after) {
      set(section, after);
    }

    @Override
    public void logStop(MemoryRegionSection section, int before, int after) {
      set(section, after);
    }

    private void set(MemoryRegionSection section, int logMask) {
      long first = firstPage(section);
      long size = (section.range().last() + 1 & -0x1000) - first;
      if (size > 0 && section.region().attachment() instanceof MemorySegment host) {
        hypervisor.set(first, new Slot(
            size, host.address() + section.offsetOf(first), section.attributes().readOnly(), logMask != 0));
      }
    }

    private static long firstPage(MemoryRegionSection section) {
      return section.range().first() + 0xfff & -0x1000;
    }
  }

  @AfterEach
  void close() {
    slots.close();
    assertEquals(Map.of(), hypervisor.slots);
    reader.close();
    memory.close();
    policy.close();
  }

  private void plug() {
    ram.attach(host);
    memory.update(tx -> tx.addSubregion(system, 0, ram).addSubregion(system, 0x3f80, device, 1));
  }

  private Slot slot(long first, long size, boolean readOnly, boolean logged) {
    return new Slot(size, host.address() + first, readOnly, logged);
  }

  @Test
  void aSlotIsSetForTheWholePagesOfEachSection() {
    plug();
    assertEquals(Map.of(0L, slot(0, 0x3000, false, false), 0x4000L, slot(0x4000, 0x4000, false, false)),
        hypervisor.slots);
    memory.update(tx -> tx.setReadOnly(ram, true).delSubregion(device));
    assertEquals(Map.of(0L, slot(0, 0x8000, true, false)), hypervisor.slots);
  }

  /** A listener that throws before publication refuses the change, and gets the inverse of each call. */
  @Test
  void aHypervisorWithoutAFreeSlotRefusesTheChange() {
    plug();
    assertThrows(MapException.class, () -> memory.update(tx -> {
      for (int i = 0; i < Hypervisor.MOST; i++) {
        tx.addSubregion(system, 0x10_0000 + 0x1_0000 * i, memory.alias("alias" + i, ram, 0, Size.kib(4)));
      }
    }));
    assertEquals(Set.of(0L, 0x4000L), hypervisor.slots.keySet());
  }

  @Test
  void pagesThatTheHypervisorHasLoggedAreMarkedForEachClient() {
    plug();
    try (DirtyClient migration = memory.dirtyClient("migration")) {
      memory.update(tx -> tx.startLog(ram, migration));
      assertTrue(hypervisor.slots.get(0L).logged());
      host.set(ValueLayout.JAVA_BYTE, 0x5000, (byte) 1);
      hypervisor.dirty.add(0x5000L);
      try (ReadSection _ = reader.enter()) {
        hypervisor.takeDirty().forEach(page -> reader.wrote(space, page, 0x1000));
      }
      assertTrue(migration.snapshotAndClear(ram).isDirty(0x5000));
      memory.update(tx -> tx.stopLog(ram, migration));
      assertFalse(hypervisor.slots.get(0L).logged());
    }
  }
}
