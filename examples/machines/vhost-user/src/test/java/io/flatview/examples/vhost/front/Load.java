package io.flatview.examples.vhost.front;

import io.flatview.examples.vhost.host.Descriptor;
import io.flatview.examples.vhost.host.UnixSocket;
import io.flatview.examples.vhost.wire.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Drives a back end at a socket, of whatever make, and prints in one line: requests a second; CPU time of its process a
 * request; latencies; and those of requests during which the table changed.
 *
 * <p>Arguments: the socket, the back end's process id, queues, depth, bytes a request, {@code read}, {@code write} or
 * {@code sequential}, the disk's size in bytes, seconds, changes of the table a second, and {@code split} or {@code
 * packed}.
 */
public final class Load {

  private static final long RINGS = 1 << 20;
  private static final long DATA = 64 << 20;
  private static final long PLUGGED = 1L << 40;
  private static final int SIZE = 128;
  private static final long FEATURES = FrontEnd.INDIRECT | FrontEnd.EVENT_INDEX;
  private static final int TICKS_A_SECOND = 100;

  /** What is asked for. */
  private record Plan(
      int queues, int depth, int bytes, String pattern, long disk, double seconds, int changes, boolean packed) {

    static Plan of(String[] arguments) {
      return new Plan(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]),
          arguments[5], Long.parseLong(arguments[6]), Double.parseDouble(arguments[7]),
          Integer.parseInt(arguments[8]), arguments.length > 9 && arguments[9].equals("packed"));
    }

    long features() {
      return packed ? FEATURES | FrontEnd.PACKED : FEATURES;
    }
  }

  /** When something began and how long it took, in ns. */
  private record Span(long begin, long nanos) {}

  private Load() {}

  public static void main(String[] arguments) throws Exception {
    Plan plan = Plan.of(arguments);
    Path stat = Path.of("/proc", arguments[1], "stat");
    try (FrontEnd front = new FrontEnd(UnixSocket.connect(Path.of(arguments[0])));
        GuestRam ram = new GuestRam(0, DATA + (long) plan.queues * plan.depth * plan.bytes)) {
      front.negotiate(plan.features());
      front.setTable(ram);
      List<DriverQueue> queues = new ArrayList<>();
      for (int i = 0; i < plan.queues; i++) {
        queues.add(DriverQueue.of(ram, RINGS + ((long) i << 19), i, SIZE, plan.features()));
        queues.get(i).start(front, false);
      }
      run(plan, queues, 1);
      print(plan, front, queues, stat);
    }
  }

  private static void print(Plan plan, FrontEnd front, List<DriverQueue> queues, Path stat) throws Exception {
    AtomicBoolean ends = new AtomicBoolean();
    List<Span> changes = new ArrayList<>();
    Thread changer = Thread.ofPlatform().start(() -> change(plan, front, changes, ends));
    long ticks = ticks(stat);
    long start = System.nanoTime();
    List<Span> requests = run(plan, queues, plan.seconds);
    double seconds = (System.nanoTime() - start) / 1e9;
    long used = ticks(stat) - ticks;
    ends.set(true);
    changer.join();
    System.out.printf("%.0f requests/s, %.2f us CPU/request, %s", requests.size() / seconds,
        1e6 * used / TICKS_A_SECOND / requests.size(), latencies(requests));
    List<Span> during = requests.stream().filter(request -> overlaps(request, changes)).toList();
    System.out.println(during.isEmpty() ? "" : "; during a change " + latencies(during));
  }

  private static String latencies(List<Span> requests) {
    long[] sorted = requests.stream().mapToLong(Span::nanos).sorted().toArray();
    return String.format("p50 %.0f us, p99 %.0f us, p99.9 %.0f us",
        at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999));
  }

  private static double at(long[] sorted, double quantile) {
    return sorted[(int) (quantile * (sorted.length - 1))] / 1e3;
  }

  /** Changes are in order, and do not overlap each other. */
  private static boolean overlaps(Span request, List<Span> changes) {
    int low = 0;
    int high = changes.size();
    while (low < high) {
      int middle = low + high >>> 1;
      if (changes.get(middle).begin + changes.get(middle).nanos < request.begin) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < changes.size() && changes.get(low).begin <= request.begin + request.nanos;
  }

  private static long ticks(Path stat) throws Exception {
    String[] fields = Files.readString(stat).replaceFirst(".*\\) ", "").split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static void change(Plan plan, FrontEnd front, List<Span> changes, AtomicBoolean ends) {
    try (GuestRam plugged = new GuestRam(PLUGGED, 1 << 20)) {
      while (plan.changes > 0 && !ends.get()) {
        change(front, Request.ADD_MEM_REG, changes, plugged, plugged.file());
        LockSupport.parkNanos(1_000_000_000L / plan.changes);
        change(front, Request.REM_MEM_REG, changes, plugged);
        LockSupport.parkNanos(1_000_000_000L / plan.changes);
      }
    } catch (Exception e) {
      throw new IllegalStateException("the table cannot be changed", e);
    }
  }

  private static void change(
      FrontEnd front, Request request, List<Span> changes, GuestRam plugged, Descriptor... files) throws Exception {
    long begin = System.nanoTime();
    front.acknowledged(request, FrontEnd.region(plugged), files);
    changes.add(new Span(begin, System.nanoTime() - begin));
  }

  /** Gives every request. */
  private static List<Span> run(Plan plan, List<DriverQueue> queues, double seconds) throws Exception {
    long deadline = System.nanoTime() + (long) (seconds * 1e9);
    List<Span> all = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (DriverQueue queue : queues) {
      threads.add(Thread.ofPlatform().start(() -> {
        List<Span> requests = drive(plan, queue, deadline);
        synchronized (all) {
          all.addAll(requests);
        }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return all;
  }

  private static List<Span> drive(Plan plan, DriverQueue queue, long deadline) {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(queue.index());
    long[] begun = new long[plan.depth];
    List<Span> requests = new ArrayList<>();
    for (int slot = 0; slot < plan.depth; slot++) {
      begun[slot] = submit(plan, queue, slot, slot, random);
    }
    queue.kick();
    for (int left = plan.depth; left > 0; ) {
      int slot = queue.await(10_000);
      if (slot < 0 || queue.status(slot) != 0) {
        throw new IllegalStateException("a request fails");
      }
      long now = System.nanoTime();
      requests.add(new Span(begun[slot], now - begun[slot]));
      if (now - deadline < 0) {
        begun[slot] = submit(plan, queue, slot, requests.size() + plan.depth, random);
        queue.kick();
      } else {
        left--;
      }
    }
    return requests;
  }

  private static long submit(Plan plan, DriverQueue queue, int slot, long number, RandomGenerator random) {
    long pieces = plan.disk / plan.bytes;
    long piece = plan.pattern.equals("sequential") ? number % pieces : random.nextLong(pieces);
    long data = DATA + ((long) queue.index() * plan.depth + slot) * plan.bytes;
    queue.prepare(slot, plan.pattern.equals("write") ? DriverQueue.OUT : DriverQueue.IN, piece * (plan.bytes / 512),
        data, plan.bytes);
    queue.submit(queue.head(slot));
    return System.nanoTime();
  }
}
