package io.flatview.examples.bench.mapped;

import io.flatview.examples.bench.run.Histogram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** Two readers, a writer that swaps at a rate, a thread that only computes, and parked threads, for one scheme. */
public final class MappedTrial {

  private static final int READERS = 2;
  private static final int RECORDS = 4_096;
  private static final int BATCH = 1_024;
  private static final int TIMED = 64;

  private final Scheme scheme;
  private final List<Path> files;
  private final int rate;
  private final long nanos;
  private volatile boolean stop;

  /**
   * The figures of a trial.
   *
   * @param readNanos of thread time, for one read
   * @param swapsPerSecond the number of swaps a second
   * @param mostMapped files at once
   * @param median of the time of a read, with what two looks at a clock cost
   * @param rare that of one in ten thousand
   * @param computed rounds of the computing thread in a microsecond of its own time
   */
  public record Result(
      double readNanos, double swapsPerSecond, int mostMapped, long median, long rare, double computed) {}

  private record Reading(double nanos, Histogram times) {}

  private MappedTrial(Scheme scheme, List<Path> files, int rate, long nanos) {
    this.scheme = scheme;
    this.files = files;
    this.rate = rate;
    this.nanos = nanos;
  }

  /**
   * Measures a scheme at several rates, one after the other.
   *
   * @param scheme one of {@link Schemes#names()}
   * @param rates swaps a second; -1 for as many as there can be
   * @param millis for how long each
   * @param parked how many threads are parked beside it
   * @return a result for each rate
   * @throws Exception if a file cannot be written or mapped
   */
  public static List<Result> run(String scheme, List<Integer> rates, long millis, int parked) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Path folder = Files.createTempDirectory("mapped-bench");
    List<Path> files = List.of(write(folder.resolve("a")), write(folder.resolve("b")));
    park(parked, end);
    List<Result> results = new ArrayList<>();
    try {
      for (int rate : rates) {
        try (Scheme one = Schemes.of(scheme, files.getFirst())) {
          new MappedTrial(one, files, rate, millis * 200_000).measure(); // warms up
        }
        try (Scheme one = Schemes.of(scheme, files.getFirst())) {
          results.add(new MappedTrial(one, files, rate, millis * 1_000_000).measure());
        }
      }
      return results;
    } finally {
      end.countDown();
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    }
  }

  private static Path write(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(RECORDS * Long.BYTES).order(ByteOrder.nativeOrder());
    for (long key = 0; key < RECORDS; key++) {
      bytes.putLong(key);
    }
    return Files.write(file, bytes.array());
  }

  private static void park(int threads, CountDownLatch end) {
    for (int i = 0; i < threads; i++) {
      Thread.ofPlatform().daemon().start(() -> {
        try {
          end.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
    }
  }

  private Result measure() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Reading>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(threads.submit((Callable<Reading>) this::read));
      }
      Future<Double> computing = threads.submit((Callable<Double>) this::compute);
      double swaps = swap();
      stop = true;
      Histogram times = new Histogram();
      double nanos = 0;
      for (Future<Reading> reader : readers) {
        times.add(reader.get().times);
        nanos += reader.get().nanos / READERS;
      }
      return new Result(
          nanos, swaps, scheme.mostMapped(), times.quantile(0.5), times.quantile(0.9999), computing.get());
    }
  }

  private double swap() {
    long start = System.nanoTime();
    long done = 0;
    long elapsed = 0;
    while (elapsed < nanos) {
      if (rate < 0 || done < elapsed / 1e9 * rate) {
        scheme.swap(files.get((int) (++done % files.size())));
      } else {
        LockSupport.parkNanos(Math.min(rate == 0 ? nanos : (long) (done * 1e9 / rate) + 1, nanos) - elapsed);
      }
      elapsed = System.nanoTime() - start;
    }
    return done * 1e9 / elapsed;
  }

  private Reading read() {
    Histogram times = new Histogram();
    long spent = 0;
    long reads = 0;
    try (Scheme.Lookup lookup = scheme.lookup()) {
      while (!stop) {
        long before = ThreadTime.nanos();
        check(batch(lookup));
        spent += ThreadTime.nanos() - before;
        reads += BATCH;
        timed(lookup, times);
        lookup.rest();
      }
    }
    return new Reading((double) spent / reads, times);
  }

  private static long batch(Scheme.Lookup lookup) {
    long sum = 0;
    for (int i = 0; i < BATCH; i++) {
      sum += lookup.read((long) i * Long.BYTES);
    }
    return sum;
  }

  private static void check(long sum) {
    if (sum != BATCH * (BATCH - 1L) / 2) {
      throw new IllegalStateException("a read was torn: " + sum);
    }
  }

  private static void timed(Scheme.Lookup lookup, Histogram times) {
    for (long i = 0; i < TIMED; i++) {
      long before = System.nanoTime();
      long found = lookup.read(i * Long.BYTES);
      times.add(System.nanoTime() - before);
      if (found != i) {
        throw new IllegalStateException("a read was torn: " + found);
      }
    }
  }

  private double compute() {
    long before = ThreadTime.nanos();
    long rounds = 0;
    long x = 1;
    while (!stop) {
      for (int i = 0; i < 1_000; i++) {
        x = x * 0x5851_f42d_4c95_7f2dL + 1;
      }
      rounds += 1_000;
    }
    long spent = ThreadTime.nanos() - before;
    return rounds * 1e3 / Math.max(1, spent) + (x == 0 ? 1 : 0);
  }

  /**
   * Measures in a JVM of its own, and prints a line for each rate.
   *
   * @param arguments the scheme, milliseconds, parked threads, rates
   * @throws Exception whatever goes wrong
   */
  public static void main(String[] arguments) throws Exception {
    List<Integer> rates = new ArrayList<>();
    for (int i = 3; i < arguments.length; i++) {
      rates.add(Integer.valueOf(arguments[i]));
    }
    for (Result one : run(arguments[0], rates, Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]))) {
      System.out.println(String.join(" ", String.valueOf(one.readNanos), String.valueOf(one.swapsPerSecond),
          String.valueOf(one.mostMapped), String.valueOf(one.median), String.valueOf(one.rare),
          String.valueOf(one.computed)));
    }
  }
}
