package io.flatview.examples.virt64;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The threads of boards' devices, by their names. */
public final class DeviceThreads {

  private static final Set<String> NAMES = Set.of("virtio", "timers");
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private DeviceThreads() {}

  private static List<Thread> alive() {
    return Thread.getAllStackTraces().keySet().stream().filter(thread -> NAMES.contains(thread.getName())).toList();
  }

  /** Waits for their end; a disk of the host may take seconds for what it has begun. @return whether all have ended */
  public static boolean endWithin(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (Thread thread : alive()) {
      thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    }
    return alive().isEmpty();
  }

  /** @return the processor's time that those have spent which are alive, in ns */
  public static long cpuNanos() {
    long sum = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && NAMES.contains(thread.getThreadName())) {
        sum += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return sum;
  }
}
