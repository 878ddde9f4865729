package io.flatview.examples.races.debate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for what a run writes on its way. It stays only if the run fails, for its logs. */
final class ScratchFolder {

  /** A run. */
  @FunctionalInterface
  interface Run<T> {
    T in(Path folder) throws Exception;
  }

  private ScratchFolder() {}

  static <T> T with(String prefix, Run<T> run) throws Exception {
    Path folder = Files.createTempDirectory(prefix);
    T result;
    try {
      result = run.in(folder);
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage() + "; its logs are in " + folder, e);
    }
    delete(folder);
    return result;
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.delete(path);
    }
  }
}
