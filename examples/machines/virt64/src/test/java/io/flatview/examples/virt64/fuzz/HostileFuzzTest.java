package io.flatview.examples.virt64.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.device.DeviceThread;
import io.flatview.device.DmaPort;
import io.flatview.examples.virt64.Heap;
import io.flatview.examples.virt64.board.Board;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.CpuTime;
import io.flatview.rcu.contract.EachFlavour;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Random guests, ordered to do harm. For some seconds, and with {@code -Dflatview.long=true} for ten minutes with each
 * flavour.
 */
class HostileFuzzTest {

  private static final boolean LONG = Boolean.getBoolean("flatview.long");
  private static final Duration TIME = LONG ? Duration.ofMinutes(10) : Duration.ofMillis(2500);
  private static final Duration EACH = Duration.ofMillis(LONG ? 300 : 120);
  private static final int DISK_BYTES = 1 << 20;
  private static final Duration FOR_A_TWIN = Duration.ofMinutes(2);
  private static final Duration MOST_STUCK = Duration.ofSeconds(3);
  private static final long MOST_HEAP = 24 << 20;

  /** An address that the board leaves free. */
  private static final long FREE = 0x1000_c000L;

  @TempDir
  private Path folder;

  private Path disk;

  @BeforeEach
  void makeDisk() throws Exception {
    disk = Files.write(folder.resolve("disk"), new byte[DISK_BYTES]);
  }

  @ParameterizedTest
  @EachFlavour
  void noGuestThrowsLastsOrGrows(String flavour) throws InterruptedException {
    long seed = 1;
    try (HostileRun run = new HostileRun(flavour, disk, EACH)) {
      for (; seed <= 8; seed++) {
        run.run(seed, List.of(), _ -> { });
      }
      long before = Heap.used();
      for (long end = System.nanoTime() + TIME.toNanos(); System.nanoTime() < end; seed++) {
        run.run(seed, List.of(), _ -> { });
      }
      long grown = Heap.used() - before;
      System.out.println(run + ", the heap grew by " + grown / 1024 + " KiB");
      assertEquals(List.of(), run.findings(), run::toString);
      assertTrue(grown < MOST_HEAP, () -> "the heap grew by " + grown);
    }
  }

  // The harness finds what it is for

  private static HostileRun.Plug device(MmioHandler handler) {
    return board -> board.memory().update(tx -> tx.addSubregion(
        (MemoryRegion.Container) board.bus().root(), FREE, board.memory().mmio("twin", Size.bytes(0x1000), handler)));
  }

  /** What a device does with a value that is stored. */
  private interface Store {
    void store(long value);
  }

  private static MmioHandler handler(Store store) {
    return new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        store.store(value);
      }
    };
  }

  private String findings(HostileRun.Plug plug) throws InterruptedException {
    return findings(plug, () -> false);
  }

  /** Runs guests until something is found, or done; on a busy host, few do much in their time. */
  private String findings(HostileRun.Plug plug, BooleanSupplier isDone) throws InterruptedException {
    try (HostileRun run = new HostileRun("epoch", disk, EACH)) {
      long end = System.nanoTime() + FOR_A_TWIN.toNanos();
      for (long seed = 1; run.findings().isEmpty() && !isDone.getAsBoolean() && System.nanoTime() < end; seed++) {
        run.run(seed, List.of(FREE), plug);
      }
      return String.join("\n", run.findings());
    }
  }

  @Test
  void aDeviceThatDividesByWhatItIsGivenIsFound() throws InterruptedException {
    int[] register = new int[1];
    String findings = findings(device(handler(value -> register[0] = 1 / (int) value)));
    assertTrue(findings.contains("/ by zero"), findings);
  }

  @Test
  void aDeviceThatTakesAsLongAsItIsAskedIsFound() throws InterruptedException {
    String findings = findings(device(handler(value -> {
      long end = CpuTime.here() + MOST_STUCK.toNanos();
      for (long i = 0; i != value >>> 1 && CpuTime.here() < end; i++) {
        Thread.onSpinWait();
      }
    })));
    assertTrue(findings.contains("threads do not end"), findings);
  }

  @Test
  void aDeviceThatKeepsWhatItIsGivenIsFound() throws InterruptedException {
    List<long[]> kept = new ArrayList<>();
    long before = Heap.used();
    String findings = findings(device(handler(_ -> keep(kept))), () -> isMuch(kept));
    assertEquals("", findings);
    assertTrue(Heap.used() - before > MOST_HEAP, "it kept " + kept.size());
    assertFalse(kept.isEmpty());
  }

  /** Not more than is looked for: a run that is ended late would exhaust the heap. */
  private static void keep(List<long[]> kept) {
    synchronized (kept) {
      if (!isMuch(kept)) {
        kept.add(new long[1 << 13]);
      }
    }
  }

  /** Twice as much as may be held. */
  private static boolean isMuch(List<long[]> kept) {
    synchronized (kept) {
      return kept.size() > 2 * MOST_HEAP >>> 16;
    }
  }

  @Test
  void aDeviceThreadThatFailsAsItReportsIsFound() throws InterruptedException {
    List<DeviceThread> threads = new ArrayList<>();
    String findings = findings(board -> {
      DeviceThread thread = failing(board);
      threads.add(thread);
      device(handler(_ -> thread.wake())).into(board);
    });
    threads.forEach(DeviceThread::close);
    assertTrue(findings.contains("device thread 'twin' failed"), findings);
  }

  private static DeviceThread failing(Board board) {
    return new DeviceThread("twin", board.memory(), board.bus(), new DeviceThread.Work() {
      @Override
      public void serve(DmaPort port) {
        throw new NegativeArraySizeException("2 GiB");
      }

      @Override
      public void failed(Throwable cause) {
        throw new IllegalStateException(cause);
      }
    });
  }
}
