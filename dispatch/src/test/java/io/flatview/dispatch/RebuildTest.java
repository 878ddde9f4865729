package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.topology.Unnoted;
import io.flatview.memory.MemoryRegion;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The comparison with a full rebuild finds what commits missed. */
class RebuildTest extends OnAMachine {

  @Test
  void aMapThatCommitsMadeIsTheOneThatARebuildMakes() {
    place(0x1000, ram("ram", 0x4000));
    place(0x2000, mmio("device", 0x10), 1);
    assertEquals(List.of(), memory.compareWithRebuild());
  }

  @Test
  void aChangeThatNobodyNotedIsFound() {
    MemoryRegion ram = ram("ram", 0x4000);
    place(0x1000, ram);
    Unnoted.flipReadOnly(ram);
    place(0x8000, mmio("far away", 0x1000));
    List<String> differences = memory.compareWithRebuild();
    assertEquals(1, differences.size());
    assertTrue(differences.getFirst().contains("'memory'"), differences::getFirst);
  }

  @Test
  void aChangeIsRenderedWhereItIsAndNowhereElse() {
    MemoryRegion ram = ram("ram", 0x4000);
    MemoryRegion device = mmio("device", 0x1000);
    place(0x1000, ram);
    place(0x8000, device);
    Unnoted.flipReadOnly(ram);
    memory.update(tx -> tx.setEnabled(device, false));
    assertEquals(List.of(false),
        space.flatView().sections().stream().map(section -> section.attributes().readOnly()).toList());
  }
}
