package io.flatview.examples.cli.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.examples.cli.Dumps;
import io.flatview.examples.cli.dump.DumpException;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineBuilderTest {

  private static MachineDescription describe(String model) {
    return MachineLoader.read("test", model.getBytes(StandardCharsets.UTF_8), new Notes()).description();
  }

  private static MachineDescription load(String name) {
    return MachineLoader.load(Dumps.file(name), new Notes()).description();
  }

  @Test
  void theBundledMachineHasMemoryAndDevices() {
    List<String> devices = new ArrayList<>();
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
        DispatchMemory memory = DispatchMemory.create(policy)) {
      Machine machine = MachineBuilder.build(MachineLoader.bundled(), memory, name -> {
        devices.add(name);
        return MachineBuilder.SILENT;
      });
      List<MemoryRegionSection> sections = machine.space("memory").orElseThrow().flatView().sections();
      assertTrue(sections.stream().anyMatch(section -> section.region() instanceof MemoryRegion.Ram));
      assertTrue(sections.stream().anyMatch(section -> section.region() instanceof MemoryRegion.Mmio));
      assertTrue(devices.contains("e1000-mmio"));
    }
  }

  @Test
  void bothKindsOfDumpsAreRecognizedByTheirContent() {
    MachineDescription model = load("arm-sx1-def.model.txt");
    MachineDescription tree = load("arm-sx1-def.mtree.txt");
    assertEquals("arm-sx1-def", model.name());
    assertEquals("arm-sx1-def", tree.name());
    assertEquals(model.regions().size(), tree.regions().size());
  }

  @Test
  void theLowestRankIsPlacedLastSoThatItWins() {
    List<Integer> placed = load("tie.model.txt").placements().stream()
        .map(MachineDescription.Placement::child)
        .toList();
    assertEquals(List.of(4, 3, 1, 2), placed);
  }

  @Test
  void regionsThatAreNestedTooDeeplyAreAProblem() {
    StringBuilder model = new StringBuilder("# memory map model v1\nD\tdeep\texact\nP\t4096\n");
    for (int level = 0; level <= 300; level++) {
      model.append("R\t").append(level).append("\tcontainer\t1000\te--\tc\n");
      model.append(level == 0 ? "" : "C\t" + (level - 1) + "\t" + level + "\t0\t0\t0\n");
    }
    model.append("A\t0\t0\tmemory\nV\t0\nS\tmemory\n");
    DumpException failure = assertThrows(DumpException.class, () -> describe(model.toString()));
    assertTrue(failure.getMessage().contains("is nested more than 256 levels deep"), failure.getMessage());
  }

  @Test
  void aRootMustStartWhereItIsPlaced() {
    DumpException failure = assertThrows(DumpException.class, () -> describe("""
        # memory map model v1
        D\tm\texact
        P\t4096
        R\t0\tcontainer\t10000\te--\tsystem
        R\t1\tmmio\t1000\te--\tio
        C\t0\t1\t2000\t0\t0
        A\t1\t3000\tio
        V\t0
        S\tio
        """));
    assertEquals("test:7: region 1 starts at 0000000000003000 here and at 0000000000002000 elsewhere",
        failure.getMessage());
  }
}
