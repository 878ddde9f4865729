package io.flatview.dispatch.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapInspector;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MtreeOption;
import io.flatview.memory.RegionLabels;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The texts of a live memory system. That they are QEMU's to the letter is tested with QEMU's own, by the command. */
class InspectorTest {

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final MemoryRegion.Container system = memory.container("system", Size.FULL);
  private final MemoryRegion.Ram ram = memory.ram("ram", Size.kib(8));
  private final MemoryRegion.Container bus = memory.container("bus", Size.kib(64));
  private final MemoryRegion.Reserved hole = memory.reserved("hole", Size.bytes(0x10));
  private final MemoryRegion.Alias low = memory.alias("low", ram, 0x1000, Size.kib(4));
  private AddressSpace space;

  @BeforeEach
  void build() {
    memory.update(tx -> tx
        .addSubregion(system, 0, low)
        .addSubregion(system, 0x1_0000, bus)
        .addSubregion(bus, 0x8000, hole, -3)
        .setEnabled(bus, false));
    space = memory.addressSpace("memory", system);
  }

  @AfterEach
  void close() {
    memory.close();
    policy.runGracePeriod();
  }

  @Test
  void aSpaceWithoutAnyAddressIsShown() {
    AddressSpace nowhere = memory.addressSpace("nowhere", memory.reserved("nothing", Size.EMPTY));
    assertTrue(memory.inspect().svg(List.of(nowhere)).contains("</svg>"));
    assertFalse(memory.inspect().html("map", List.of(nowhere)).isEmpty());
    assertTrue(memory.inspect().tree().contains("nowhere"));
  }

  @Test
  void aDisabledRegionIsListedOnlyIfAskedFor() {
    assertEquals("""
        address-space: memory
          0000000000000000-ffffffffffffffff (prio 0, i/o): system
            0000000000000000-0000000000000fff (prio 0, ram): alias low @ram 0000000000001000-0000000000001fff
              0000000000018000-000000000001800f (prio -3, i/o): hole

        memory-region: ram
          0000000000000000-0000000000001fff (prio 0, ram): ram

        """, memory.inspect().tree());
    assertTrue(memory.inspect().tree(MtreeOption.DISABLED)
        .contains("\n    0000000000010000-000000000001ffff (prio 0, i/o): bus [disabled]\n"));
  }

  @Test
  void ownersAreThoseOfTheLabelsAndOthersAreOrphans() {
    RegionLabels labels = new RegionLabels() {
      @Override
      public Optional<String> owner(MemoryRegion region) {
        return region == ram ? Optional.of("owner:{dev id=dimm0}") : Optional.empty();
      }
    };
    MapInspector inspector = memory.inspect(labels);
    String tree = inspector.tree(MtreeOption.OWNER);
    assertTrue(tree.contains("(prio 0, ram): ram owner:{dev id=dimm0}\n"), tree);
    assertTrue(tree.contains("(prio 0, i/o): system orphan\n"), tree);
    assertTrue(inspector.flatViews(MtreeOption.OWNER).contains("ram @0000000000001000 owner:{dev id=dimm0}\n"));
    assertFalse(inspector.flatViews().contains("owner"));
    assertTrue(inspector.json().contains("\"owner\": \"owner:{dev id=dimm0}\""));
  }

  @Test
  void anEmptySpaceSaysSo() {
    memory.update(tx -> tx.setEnabled(low, false));
    assertTrue(memory.inspect().flatViews().contains(" Root memory region: (none)\n  No rendered FlatView\n\n"));
  }

  @Test
  void anOpenTransactionShowsInTheTreeAndNotInTheViews() {
    try (Transaction tx = memory.begin()) {
      tx.setEnabled(bus, true);
      assertTrue(memory.inspect().tree().contains(": bus\n"));
      assertFalse(memory.inspect().flatViews().contains(": hole\n"));
    }
    assertFalse(memory.inspect().tree().contains(": bus\n"));
  }

  @Test
  void anExplanationIsToldToPeopleAndToPrograms() {
    memory.update(tx -> tx.setEnabled(bus, true));
    assertEquals("""
        address-space: memory
          0000000000018002 is answered by 0000000000018000-000000000001800f (prio -3, i/o): hole
          asked, in this order (of siblings the higher priority first, of equals the latest):
            system (prio 0, i/o) @0000000000018002: is a container, asks its children
              bus (prio 0, i/o) @0000000000008002: is a container, asks its children
                hole (prio -3, i/o) @0000000000000002: answers, the first that can

        """, memory.inspect().text(space.explain(0x18002)));
    assertTrue(memory.inspect().json(space.explain(0x18002)).contains("\"verdict\": \"answers\""));
  }
}
