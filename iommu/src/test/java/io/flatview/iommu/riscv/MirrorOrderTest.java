package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
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
  private static final long MOST_MILLIS = 120_000;
  private static final int MOST_PAUSE = 100_000;

  /** What differs from one race to the next. */
  private enum Way {
    AT_ONCE,
    /** Both threads are interrupted when they begin. */
    INTERRUPTED,
    /**
     * The broken twin: each thread's events arrive when it has let go of the order, as if changes were found in order
     * and told without.
     */
    AFTERWARDS
  }

  /** Where blocks lead, as the events say. */
  private final TreeMap<Long, Long> mirror = new TreeMap<>();

  private final ThreadLocal<List<IommuEvent>> waiting = ThreadLocal.withInitial(ArrayList::new);
  private boolean afterwards;

  private void heard(IommuEvent event) {
    if (afterwards) {
      waiting.get().add(event);
    } else {
      note(event);
    }
  }

  private void note(IommuEvent event) {
    synchronized (mirror) {
      mirror.subMap(event.range().first(), true, event.range().last(), true).clear();
      if (event instanceof IommuEvent.Map map) {
        mirror.put(map.range().first(), map.targetFirst());
      }
    }
  }

  /** Makes a change in one of the ways; {@code pause} is how long its events take to arrive afterwards, in ns. */
  private void make(Way way, long pause, Runnable change) {
    if (way == Way.INTERRUPTED) {
      Thread.currentThread().interrupt();
    }
    change.run();
    assertEquals(way == Way.INTERRUPTED, Thread.interrupted());
    if (way == Way.AFTERWARDS) {
      LockSupport.parkNanos(pause);
      waiting.get().forEach(this::note);
      waiting.get().clear();
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
    assertEquals("", wrong(Way.AT_ONCE, MILLIS));
  }

  @Test
  void threadsThatAreInterruptedKeepTheOrder() throws Exception {
    assertEquals("", wrong(Way.INTERRUPTED, MILLIS));
  }

  @Test
  void changesThatAreToldWithoutOrderAreCaught() throws Exception {
    assertNotEquals("", wrong(Way.AFTERWARDS, MOST_MILLIS));
  }

  /** Races until the mirror is wrong, or for some time; returns what is wrong. */
  private String wrong(Way way, long millis) throws Exception {
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
    try (IommuNotifier.Registration registered = region.addNotifier(notifier)) {
      String wrong = "";
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      for (int turn = 0; wrong.isEmpty() && System.nanoTime() - end < 0; turn++) {
        mapPages(reader, leaves[0], turn % 5);
        mapPages(reader, leaves[1], turn % 5 + 5);
        long took = race(way, directories[turn & 1]);
        if (took >= Mirrors.PATIENCE.toNanos()) {
          end += took;
          replay(registered);
          continue;
        }
        List<String> seen = runs();
        List<String> right = replayed(registered);
        wrong = right.equals(seen) ? "" : "in turn " + turn + " " + seen + ", not " + right;
      }
      return wrong;
    }
  }

  /**
   * Two changes at once. Gives how long they took, in ns: if a machine holds up the thread that has its turn for {@link
   * Mirrors#PATIENCE}, the other does not wait for it any more, and there is no order.
   */
  private long race(Way way, long directory) throws InterruptedException {
    final long begun = System.nanoTime();
    afterwards = way == Way.AFTERWARDS;
    CyclicBarrier start = new CyclicBarrier(2);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread other = Thread.ofPlatform().start(() -> {
      try {
        await(start);
        LockSupport.parkNanos(way == Way.AFTERWARDS ? ThreadLocalRandom.current().nextInt(MOST_PAUSE) : 0);
        make(way, 0, () -> set8(RegisterFile.DDTP, directory >>> 2 | 2));
      } catch (Throwable e) {
        failure.set(e);
      }
    });
    await(start);
    make(way, 10 * MOST_PAUSE, this::invalidateAll);
    other.join(30_000);
    assertFalse(other.isAlive());
    assertNull(failure.get());
    afterwards = false;
    return System.nanoTime() - begun;
  }

  /** Forbidden: the unmap events of the reset come before the last map events of the change that it answers. */
  @Test
  void aResetByANotifierIsToldAfterTheChangeThatItAnswers() {
    long root = frames(1);
    mapPages(reader, entryAt(PagingMode.SV39, false, root, IOVA, 0), 0);
    MemoryRegion.Iommu region = memory.iommu("mirrored", Size.FULL, device);
    boolean[] answered = {false};
    region.addNotifier(new IommuNotifier("mirror", EnumSet.allOf(IommuEvent.Kind.class), event -> {
      heard(event);
      if (!answered[0]) {
        answered[0] = true;
        iommu.reset();
      }
    }));
    set8(RegisterFile.DDTP, directoryWith(root) >>> 2 | 2);
    assertTrue(answered[0]);
    assertEquals(List.of(), runs());
  }

  private static void await(CyclicBarrier start) {
    try {
      start.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> replayed(IommuNotifier.Registration registered) {
    TreeMap<Long, Long> heard = new TreeMap<>(mirror);
    replay(registered);
    List<String> lines = runs();
    mirror.clear();
    mirror.putAll(heard);
    return lines;
  }

  private void replay(IommuNotifier.Registration registered) {
    mirror.clear();
    registered.replay(reader);
  }

  private List<String> runs() {
    List<String> lines = new ArrayList<>();
    mirror.forEach((from, to) -> lines.add(Long.toHexString(from) + " to " + Long.toHexString(to)));
    return lines;
  }
}
