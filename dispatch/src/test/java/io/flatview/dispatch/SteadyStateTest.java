package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commit after commit takes no more memory. {@code -Dflatview.commits=N} makes N instead of the usual number. */
class SteadyStateTest extends OnAMachine {

  private static final int COMMITS = Integer.getInteger("flatview.commits", 20_000);
  private static final int DEVICES = 1_000;
  private static final long SLACK = 2 << 20;

  private final MemoryRegion[] devices = new MemoryRegion[DEVICES];

  @BeforeEach
  void aMapOfManyDevices() {
    memory.update(tx -> {
      for (int i = 0; i < DEVICES; i++) {
        devices[i] = i % 10 == 0 ? ram("ram " + i, 0x1000) : mmio("device " + i, 0x1000);
        tx.addSubregion(system, i * 0x20_0000L, devices[i]);
      }
    });
  }

  private void commit(int times) {
    for (int i = 0; i < times; i++) {
      MemoryRegion device = devices[i * 7 % DEVICES];
      switch (i % 3) {
        case 0 -> memory.update(tx -> tx.setEnabled(device, !device.isEnabled()));
        case 1 -> memory.update(tx -> tx.setAddress(device, device.address() ^ 0x3000));
        default -> memory.begin().setReadOnly(device, true).close();
      }
      if (i % 16 == 0) {
        policy.runGracePeriod();
      }
    }
    policy.runGracePeriod();
  }

  /** In checked mode, what is known of collected objects is forgotten by the commits that follow. */
  private long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
      commit(48);
    }
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** What commits leave behind they leave each time; what else comes onto the heap of a test's JVM does so once. */
  private long growth() {
    long before = used();
    commit(COMMITS);
    return used() - before;
  }

  @Test
  void manyCommitsLeaveNothingBehind() {
    commit(COMMITS / 10);
    long grown = Math.min(growth(), growth());
    assertTrue(grown < SLACK, () -> "the heap grew by " + grown + " bytes");
    assertEquals(0, policy.pending());
    assertEquals(List.of(), memory.compareWithRebuild());
  }

  @Test
  void theMeasurementSeesViewsThatAreKept() {
    List<List<MemoryRegionSection>> kept = new ArrayList<>();
    long before = used();
    for (int i = 0; i < 8_000; i++) {
      commit(1);
      kept.add(space.flatView().sections());
    }
    assertTrue(used() - before > SLACK, () -> kept.size() + " views are not seen");
  }
}
