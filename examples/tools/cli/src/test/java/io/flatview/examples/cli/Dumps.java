package io.flatview.examples.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The dumps that come with the tests: real ones in {@code mtree}, spoilt ones in {@code bad}. */
public final class Dumps {

  private Dumps() {}

  public static Path folder(String name) {
    try {
      return Path.of(Dumps.class.getResource("/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Path file(String name) {
    return folder("mtree").resolve(name);
  }

  public static Path bad(String name) {
    return folder("bad").resolve(name);
  }

  public static List<Path> endingWith(String suffix) {
    try (Stream<Path> files = Files.list(folder("mtree"))) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
