package io.flatview.rcu.contract;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs a class of the tests in a JVM of its own, for what is decided when one starts, or might end one. */
public final class ChildJvm {

  private ChildJvm() {}

  /**
   * What the program writes, line by line; what it complains of goes where this JVM's complaints go.
   *
   * @param main a class with a main method
   * @param flags of the JVM
   * @param arguments of the program
   * @return its lines, to the last
   */
  public static Stream<String> linesOf(Class<?> main, List<String> flags, String... arguments) {
    String path = Stream.of("java.class.path", "jdk.module.path").map(System::getProperty).filter(Objects::nonNull)
        .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(flags);
    command.addAll(List.of("-cp", path, main.getName()));
    command.addAll(List.of(arguments));
    try {
      Process child = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new String(child.getInputStream().readAllBytes()).lines();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
