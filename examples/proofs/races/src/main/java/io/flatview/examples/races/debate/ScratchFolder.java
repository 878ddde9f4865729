package io.flatview.examples.races.debate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A folder for what a run writes on its way. It stays only if the run fails, for its logs. */
final class ScratchFolder {

  private static final int ROUNDS = 20;
  private static final long PAUSE_NANOS = 100_000_000;

  /** A run. */
  @FunctionalInterface
  interface Run<T> {
    T in(Path folder) throws Exception;
  }

  private ScratchFolder() {}

  static <T> T with(String prefix, Run<T> run) throws Exception {
    Path folder = Files.createTempDirectory(prefix);
    Thread end = Thread.ofPlatform().unstarted(() -> deleteWhatIsThere(folder));
    Runtime.getRuntime().addShutdownHook(end);
    T result;
    try {
      result = run.in(folder);
    } catch (Exception e) {
      release(end);
      throw new IllegalStateException(e.getMessage() + "; its logs are in " + folder, e);
    }
    release(end);
    delete(folder);
    return result;
  }

  private static void release(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook has done its work.
    }
  }

  /** Processes that are ending may still write: files that they add are deleted in the next of a few rounds. */
  private static void deleteWhatIsThere(Path folder) {
    for (int round = 0; round < ROUNDS && Files.exists(folder); round++) {
      try {
        delete(folder);
      } catch (IOException | UncheckedIOException e) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
