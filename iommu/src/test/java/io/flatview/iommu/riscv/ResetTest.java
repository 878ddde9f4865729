package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** After a reset an IOMMU is as one that was just made: 5.2. */
class ResetTest extends OnAnIommu {

  private List<Long> registers() {
    List<Long> values = new ArrayList<>();
    for (int offset = 0; offset < 4096; offset += 8) {
      boolean cycles = offset == 96;
      values.add(cycles ? 0 : get8(offset));
    }
    return values;
  }

  @Test
  void everyRegisterReadsAsInANewIommu() {
    RiscvIommu used = iommu;
    iommu = new RiscvIommu(memory, system, policy, Capabilities.ALL, (_, _) -> {});
    final List<Long> fresh = registers();
    iommu.close();
    iommu = used;
    set4(RegisterFile.FQCSR, 3);
    assertFalse(ask(0, 0x1000, Access.READ));
    command(0, 0);
    for (int offset : new int[] {92, 104, 352, 600, 608, 760, 768, 776, 1016}) {
      set8(offset, 0x0123_4567_89ab_cdecL);
    }
    iommu.reset();
    assertEquals(fresh, registers());
    Map<String, String> levels = new HashMap<>();
    wires.forEach(wire -> levels.put(wire.substring(0, wire.length() - 1), wire.substring(wire.length() - 1)));
    assertEquals(Set.of("-"), Set.copyOf(levels.values()));
  }

  @Test
  void nothingIsRememberedAndNotifiersAreTold() {
    firstStage(0);
    List<IommuEvent> told = new ArrayList<>();
    ((MemoryRegion.Iommu) bus().root()).addNotifier(new IommuNotifier("shadow",
        EnumSet.of(IommuEvent.Kind.UNMAP), told::add));
    assertEquals(0x1000, entryOf(0x1000));
    iommu.reset();
    assertEquals(List.of(new IommuEvent.Unmap(new AddressRange(0, (1L << 56) - 1))), told);
    assertFalse(ask(0, 0x1000, Access.READ));
    assertEquals(0, get4(RegisterFile.FQT), "the fault queue is off");
  }

  private long entryOf(long iova) {
    assertEquals(true, ask(0, iova, Access.READ));
    return entry.apply(iova);
  }

  /** A fence that waits comes to nothing. */
  @Test
  void aFenceThatWaitsIsForgotten() {
    long at = frames(1);
    command(2 | 1 << 10 | 1 << 12 | 1L << 32, at >>> 2);
    iommu.reset();
    policy.runGracePeriod();
    assertEquals(0, word(at));
    assertEquals(0, get4(RegisterFile.CQH));
  }

  @Test
  void aNotifierThatThrowsDoesNotKeepItFromBeingReset() {
    firstStage(0);
    ((MemoryRegion.Iommu) bus().root()).addNotifier(new IommuNotifier("broken",
        EnumSet.of(IommuEvent.Kind.UNMAP), _ -> {
          throw new IllegalStateException("broken");
        }));
    assertThrows(IllegalStateException.class, iommu::reset);
    assertEquals(0, get8(RegisterFile.DDTP));
    assertEquals(0, get4(RegisterFile.CQCSR));
  }
}
