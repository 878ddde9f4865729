package io.flatview.examples.cli.demo.dma;

import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One run: devices read through an IOMMU while a driver changes its mappings under them. */
public final class DmaDemo {

  private DmaDemo() {}

  /**
   * Runs.
   *
   * @param system empty, and of the policy
   * @param policy how memory is reclaimed
   * @param duration for how long
   * @param readers how many devices' threads
   * @return what was found
   * @throws InterruptedException if interrupted before the end
   */
  public static DmaReport run(MemorySystem system, ReclaimPolicy policy, Duration duration, int readers)
      throws InterruptedException {
    return run(system, policy, duration, readers, true);
  }

  /** Without fences the driver takes frames back at once, which must be noticed. */
  static DmaReport run(MemorySystem system, ReclaimPolicy policy, Duration duration, int readers, boolean fences)
      throws InterruptedException {
    Findings findings = new Findings();
    AtomicBoolean running = new AtomicBoolean(true);
    try (DmaMachine machine = new DmaMachine(system, policy)) {
      Account account = new Account(DmaMachine.PAGES);
      Driver driver = new Driver(machine, account, findings, fences);
      long start = System.nanoTime();
      List<DmaLoop> loops = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int number = 0; number < readers; number++) {
        loops.add(new DmaLoop(system, machine, account, findings, number, running::get));
        threads.add(Thread.ofPlatform().name("device " + number).start(loops.get(number)));
      }
      try {
        driver.run(() -> System.nanoTime() - start < duration.toNanos());
      } finally {
        running.set(false);
        for (Thread thread : threads) {
          thread.join();
        }
      }
      return new DmaReport((System.nanoTime() - start) / 1e9,
          loops.stream().mapToLong(DmaLoop::loads).sum(), loops.stream().mapToLong(DmaLoop::refusals).sum(),
          driver.changes(), driver.fences(), driver.faults(), findings.count(), findings.examples());
    }
  }
}
