package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.flatview.memory.IommuEvent;
import io.flatview.memory.IommuNotifier;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A register and the command queue are written at the same time by two CPUs, and either changes what is mapped. What
 * must not happen: the second change is found out after the first and told before it, so that a notifier is left with
 * what the first had found.
 */
class MirrorOrderTest extends OnAnIommu {

  private static final long IOVA = 0x4000_1000L;
  private static final int PAGES = 4;
  private static final long MILLIS = Boolean.getBoolean("flatview.long") ? 30_000 : 700;

  /** Where blocks lead, as the events say. */
  private final TreeMap<Long, Long> mirror = new TreeMap<>();

  private void heard(IommuEvent event) {
    synchronized (mirror) {
      mirror.subMap(event.range().first(), true, event.range().last(), true).clear();
      if (event instanceof IommuEvent.Map map) {
        mirror.put(map.range().first(), map.targetFirst());
      }
    }
  }

  private long directoryWith(long root) {
    long made = frames(1);
    put(made + 64L * DEVICE, DeviceContext.VALID, 0, 0, SV39 | root >>> 12, 0, 0, 0, 0);
    return made;
  }

  private void mapPages(MapReader by, long leaf, int turn) {
    for (int page = 0; page < PAGES; page++) {
      by.store(system, leaf + 16L * page, 8, pte(0x10_0000L * (turn + 2) + 0x2000L * page, LEAF));
    }
  }

  @Test
  void changesAreToldInTheOrderInWhichTheyWereFound() throws Exception {
    long[] leaves = new long[2];
    long[] directories = new long[2];
    for (int i = 0; i < 2; i++) {
      long root = frames(1);
      leaves[i] = entryAt(PagingMode.SV39, false, root, IOVA, 0);
      directories[i] = directoryWith(root);
      mapPages(reader, leaves[i], i);
    }
    MemoryRegion.Iommu region = memory.iommu("mirrored", Size.FULL, device);
    IommuNotifier notifier = new IommuNotifier("mirror", EnumSet.allOf(IommuEvent.Kind.class), this::heard);
    CyclicBarrier start = new CyclicBarrier(2);
    try (IommuNotifier.Registration registered = region.addNotifier(notifier)) {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
      for (int turn = 0; System.nanoTime() - end < 0; turn++) {
        int present = turn;
        Thread other = Thread.ofPlatform().start(() -> {
          await(start);
          set8(RegisterFile.DDTP, directories[present & 1] >>> 2 | 2);
        });
        mapPages(reader, leaves[0], turn % 5);
        mapPages(reader, leaves[1], turn % 5 + 5);
        await(start);
        invalidateAll();
        other.join(10_000);
        assertFalse(other.isAlive());
        assertEquals(replayed(registered), runs(), "in turn " + turn);
      }
    }
  }

  private static void await(CyclicBarrier start) {
    try {
      start.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> replayed(IommuNotifier.Registration registered) {
    TreeMap<Long, Long> heard = new TreeMap<>(mirror);
    mirror.clear();
    registered.replay(reader);
    List<String> lines = runs();
    mirror.clear();
    mirror.putAll(heard);
    return lines;
  }

  private List<String> runs() {
    List<String> lines = new ArrayList<>();
    mirror.forEach((from, to) -> lines.add(Long.toHexString(from) + " to " + Long.toHexString(to)));
    return lines;
  }
}
