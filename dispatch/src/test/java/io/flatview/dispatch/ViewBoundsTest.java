package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.CpuTime;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Few regions cannot make rendering take for ever. */
class ViewBoundsTest {

  private static final String LIMIT = "flatview.view.limit";

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);

  @AfterEach
  void close() {
    System.clearProperty(LIMIT);
    memory.close();
    policy.runGracePeriod();
  }

  /** Each level shows the one below twice: 2 to the power of the levels ranges. */
  private MemoryRegion.Container doubling(int levels) {
    MemoryRegion.Container below = memory.container("level 0", Size.bytes(2));
    MemoryRegion.Reserved cell = memory.reserved("cell", Size.bytes(1));
    memory.update(tx -> tx.addSubregion(below, 0, cell));
    MemoryRegion.Container shown = below;
    for (int level = 1; level <= levels; level++) {
      Size half = Size.bytes(1L << level);
      MemoryRegion.Container both = memory.container("level " + level, Size.bytes(2L << level));
      MemoryRegion.Alias low = memory.alias("low " + level, shown, 0, half);
      MemoryRegion.Alias high = memory.alias("high " + level, shown, 0, half);
      memory.update(tx -> tx.addSubregion(both, 0, low).addSubregion(both, half.last() + 1, high));
      shown = both;
    }
    return shown;
  }

  @Test
  void aliasesThatDoubleAreRefusedAndTheRegionIsNamed() {
    MemoryRegion.Container top = doubling(30);
    MapException refused = assertThrows(MapException.class, () -> memory.addressSpace("memory", top));
    assertEquals(MapFault.Id.VIEW_TOO_LARGE, refused.faults().getFirst().id());
    String message = refused.getMessage();
    assertTrue(message.contains("alias 'high 30'"), message);
    assertTrue(message.contains("more than 1000000 ways") && message.contains(LIMIT), message);
    assertEquals(0, memory.addressSpaces().size());
  }

  @Test
  void theLimitCanBeSetAndCountsWhatAliasesShowAlone() {
    MemoryRegion.Container top = doubling(11);
    System.setProperty(LIMIT, "3000");
    assertThrows(MapException.class, () -> memory.addressSpace("memory", top));
    System.setProperty(LIMIT, "20000");
    assertEquals(2048, memory.addressSpace("memory", top).flatView().sections().size());
  }

  @Test
  void siblingsInSiblingsRenderInProportionToTheirNumber() {
    int siblings = 20_000;
    MemoryRegion.Container root = memory.container("root", Size.mib(16));
    memory.update(tx -> {
      for (int i = 0; i < siblings; i++) {
        MemoryRegion.Reserved around = memory.reserved("around " + i, Size.bytes(2L * (siblings - i)));
        tx.addSubregion(root, i, around, i);
      }
    });
    Duration spent = Duration.ofNanos(CpuTime.of(() -> assertEquals(
        2 * siblings - 1, memory.addressSpace("memory", root).flatView().sections().size())));
    assertTrue(spent.toSeconds() < 20, spent::toString);
  }
}
