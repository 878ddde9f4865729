package io.flatview.examples.vhost.front;

import io.flatview.examples.vhost.host.UnixSocket;
import io.flatview.examples.vhost.wire.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Drives a back end at a socket, of whatever make, and prints requests a second, CPU time of its process a request, and
 * latencies, in one line.
 *
 * <p>Arguments: the socket, the back end's process id, queues, depth, bytes a request, {@code read} or {@code write},
 * the disk's size in bytes, seconds, changes of the table a second.
 */
public final class Load {

  private static final long RINGS = 1 << 20;
  private static final long DATA = 64 << 20;
  private static final long PLUGGED = 1L << 40;
  private static final int SIZE = 128;
  private static final long FEATURES = FrontEnd.INDIRECT | FrontEnd.EVENT_INDEX;
  private static final int TICKS_A_SECOND = 100;

  /** What is asked for. */
  private record Plan(int queues, int depth, int bytes, boolean write, long disk, double seconds, int changes) {}

  private Load() {}

  public static void main(String[] arguments) throws Exception {
    Plan plan = new Plan(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]),
        Integer.parseInt(arguments[4]), arguments[5].equals("write"), Long.parseLong(arguments[6]),
        Double.parseDouble(arguments[7]), Integer.parseInt(arguments[8]));
    Path stat = Path.of("/proc", arguments[1], "stat");
    try (FrontEnd front = new FrontEnd(UnixSocket.connect(Path.of(arguments[0])));
        GuestRam ram = new GuestRam(0, DATA + (long) plan.queues * plan.depth * plan.bytes)) {
      front.negotiate(FEATURES);
      front.setTable(ram);
      List<DriverQueue> queues = new ArrayList<>();
      for (int i = 0; i < plan.queues; i++) {
        queues.add(new DriverQueue(ram, RINGS + ((long) i << 19), i, SIZE, FEATURES));
        queues.get(i).start(front, false);
      }
      run(plan, queues, 1);
      print(plan, front, queues, stat);
    }
  }

  private static void print(Plan plan, FrontEnd front, List<DriverQueue> queues, Path stat) throws Exception {
    AtomicBoolean ends = new AtomicBoolean();
    Thread changer = Thread.ofPlatform().start(() -> change(plan, front, ends));
    long ticks = ticks(stat);
    long start = System.nanoTime();
    long[] latencies = run(plan, queues, plan.seconds);
    double seconds = (System.nanoTime() - start) / 1e9;
    long used = ticks(stat) - ticks;
    ends.set(true);
    changer.join();
    Arrays.sort(latencies);
    System.out.printf("%.0f requests/s, %.2f us CPU/request, p50 %.0f us, p99 %.0f us, p99.9 %.0f us%n",
        latencies.length / seconds, 1e6 * used / TICKS_A_SECOND / latencies.length,
        at(latencies, 0.5), at(latencies, 0.99), at(latencies, 0.999));
  }

  private static double at(long[] sorted, double quantile) {
    return sorted[(int) (quantile * (sorted.length - 1))] / 1e3;
  }

  private static long ticks(Path stat) throws Exception {
    String[] fields = Files.readString(stat).replaceFirst(".*\\) ", "").split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static void change(Plan plan, FrontEnd front, AtomicBoolean ends) {
    try (GuestRam plugged = new GuestRam(PLUGGED, 1 << 20)) {
      while (plan.changes > 0 && !ends.get()) {
        front.acknowledged(Request.ADD_MEM_REG, FrontEnd.region(plugged), plugged.file());
        Thread.sleep(1000 / plan.changes);
        front.acknowledged(Request.REM_MEM_REG, FrontEnd.region(plugged));
        Thread.sleep(1000 / plan.changes);
      }
    } catch (Exception e) {
      throw new IllegalStateException("the table cannot be changed", e);
    }
  }

  /** Gives every request's latency in ns. */
  private static long[] run(Plan plan, List<DriverQueue> queues, double seconds) throws Exception {
    long deadline = System.nanoTime() + (long) (seconds * 1e9);
    List<long[]> all = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (DriverQueue queue : queues) {
      threads.add(Thread.ofPlatform().start(() -> {
        long[] latencies = drive(plan, queue, deadline);
        synchronized (all) {
          all.add(latencies);
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return all.stream().flatMapToLong(Arrays::stream).toArray();
  }

  private static long[] drive(Plan plan, DriverQueue queue, long deadline) {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(queue.index());
    long[] begun = new long[plan.depth];
    long[] latencies = new long[1 << 16];
    int count = 0;
    for (int slot = 0; slot < plan.depth; slot++) {
      begun[slot] = submit(plan, queue, slot, random);
    }
    queue.kick();
    for (int left = plan.depth; left > 0; ) {
      int slot = queue.await(10_000);
      if (slot < 0 || queue.status(slot) != 0) {
        throw new IllegalStateException("a request fails");
      }
      long now = System.nanoTime();
      latencies = count == latencies.length ? Arrays.copyOf(latencies, 2 * count) : latencies;
      latencies[count++] = now - begun[slot];
      if (now - deadline < 0) {
        begun[slot] = submit(plan, queue, slot, random);
        queue.kick();
      } else {
        left--;
      }
    }
    return Arrays.copyOf(latencies, count);
  }

  private static long submit(Plan plan, DriverQueue queue, int slot, RandomGenerator random) {
    long sector = random.nextLong(plan.disk / plan.bytes) * (plan.bytes / 512);
    long data = DATA + ((long) queue.index() * plan.depth + slot) * plan.bytes;
    queue.prepare(slot, plan.write ? DriverQueue.OUT : DriverQueue.IN, sector, data, plan.bytes);
    queue.submit(queue.head(slot));
    return System.nanoTime();
  }
}
