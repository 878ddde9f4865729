package io.flatview.examples.mappedindex;

import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimPolicyProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** Two readers look records up while a writer swaps the files under them. */
final class Storm implements AutoCloseable {

  private static final int READERS = 2;
  private static final int RECORDS = 4_096;
  private static final int LOOK_UPS = 1_024;

  private final List<Path> files = new ArrayList<>();
  private final Path folder;
  private final ReclaimPolicy policy;
  private final MappedIndex index;
  private volatile boolean stop;
  private long swaps;
  private long reads;
  private double seconds;

  Storm(Path parent, ReclaimPolicyProvider flavour) throws IOException {
    folder = Files.createTempDirectory(parent, "mapped-index");
    for (int generation = 0; generation < 2; generation++) {
      files.add(IndexFile.write(folder.resolve("generation" + generation), generation, RECORDS));
    }
    policy = flavour.create();
    index = new MappedIndex(policy, files.getFirst());
  }

  void run(Duration time, int swapsPerSecond) throws IOException, InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
      List<Future<Long>> readers = new ArrayList<>();
      try {
        for (int i = 0; i < READERS; i++) {
          readers.add(threads.submit(this::read));
        }
        swap(time, swapsPerSecond);
      } finally {
        stop = true;
      }
      for (Future<Long> reader : readers) {
        reads += reader.get();
      }
    }
  }

  private void swap(Duration time, int perSecond) throws IOException {
    long start = System.nanoTime();
    long elapsed = 0;
    while (elapsed < time.toNanos()) {
      index.swap(files.get((int) (++swaps % files.size())));
      elapsed = System.nanoTime() - start;
      LockSupport.parkNanos(swaps * 1_000_000_000 / perSecond - elapsed);
    }
    seconds = elapsed / 1e9;
  }

  private long read() {
    long found = 0;
    try (Reader reader = policy.register("reader")) {
      do {
        for (int i = 0; i < LOOK_UPS; i++) {
          index.find(reader, found++ % RECORDS);
        }
        reader.quiescent();
      } while (!stop);
    }
    return found;
  }

  double swapsPerSecond() {
    return swaps / seconds;
  }

  double readsPerSecond() {
    return reads / seconds;
  }

  /** With the one that is shown. */
  long mappedAtMost() {
    return policy.statistics().maxBlocks() + 1;
  }

  @Override
  public void close() throws IOException {
    index.close();
    policy.close();
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(folder);
  }
}
