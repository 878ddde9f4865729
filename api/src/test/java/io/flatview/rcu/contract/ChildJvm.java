package io.flatview.rcu.contract;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
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
    return linesOf(main, main, flags, arguments);
  }

  /**
   * What the program writes, if it needs a class of the tests of another module.
   *
   * @param main a class with a main method
   * @param needed a class that it loads
   * @param flags of the JVM
   * @param arguments of the program
   * @return its lines, to the last
   */
  public static Stream<String> linesOf(Class<?> main, Class<?> needed, List<String> flags, String... arguments) {
    Stream<String> properties =
        Stream.of("java.class.path", "jdk.module.path").map(System::getProperty).filter(Objects::nonNull);
    String path = Stream.concat(Stream.of(rootOf(needed)), properties).collect(Collectors.joining(File.pathSeparator));
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

  /** The directory or jar of a class; test classes that are patched into a module are on no path. */
  private static String rootOf(Class<?> type) {
    String file = type.getName().replace('.', '/') + ".class";
    String url = type.getResource("/" + file).toString();
    String root = url.substring(0, url.length() - file.length());
    return Path.of(URI.create(root.startsWith("jar:") ? root.substring("jar:".length(), root.indexOf('!')) : root))
        .toString();
  }
}
