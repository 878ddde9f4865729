package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Names that stand in the texts for people lead somewhere: tests and their methods, classes with their packages, files
 * and folders, options of the command, system properties.
 */
class ReadmeNamesTest {

  private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");
  private static final Pattern TEST = Pattern.compile("(?:[a-z]+\\.)*([A-Z]\\w*Test)(?:\\.([a-z]\\w*)(?:\\.{3})?)?");
  private static final Pattern TYPE =
      Pattern.compile("(?:[a-z]+\\.)*([a-z]+)\\.([A-Z]\\w*)(?:\\.(\\w+)(?:\\(.*\\))?)?");
  private static final Pattern MODULE = Pattern.compile("([a-z][a-z0-9-]*):\\s+$");
  private static final int LONGEST_MODULE = 30;
  private static final Pattern PATH = Pattern.compile("[\\w.-]+(?:/[\\w.-]+)+/?");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");
  private static final Pattern PROPERTY = Pattern.compile("-D(flatview\\.[a-z.]+[a-z])");

  /** Options of other programs: the JVM, its tools, Maven, QEMU. */
  private static final Set<String> OF_OTHERS = Set.of(
      "--enable-native-access", "--add-modules", "--add-opens", "--add-exports", "--module-path", "--class-path",
      "--illegal-native-access", "--sun-misc-unsafe-memory-access", "--hmp", "--version", "--help");

  private final Map<String, String> sources;
  private final String everything;

  ReadmeNamesTest() throws IOException {
    sources = SourceTree.files(".java").stream().collect(Collectors.toUnmodifiableMap(
        file -> SourceTree.ROOT.relativize(file).toString(), ReadmeNamesTest::text));
    everything = Stream.concat(
        sources.entrySet().stream().filter(source -> !source.getKey().endsWith("/ReadmeNamesTest.java"))
            .map(Map.Entry::getValue),
        SourceTree.files("pom.xml", "flatview", "check").stream().map(ReadmeNamesTest::text))
            .collect(Collectors.joining());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether there is such a test where a reader looks: in the page's module, or in that which stands before it. */
  private boolean isTest(String name, String method, Path module) {
    return sources.entrySet().stream()
        .filter(source -> source.getKey().endsWith("/" + name + ".java"))
        .filter(source -> SourceTree.ROOT.resolve(source.getKey()).startsWith(module))
        .anyMatch(source -> method == null || source.getValue().contains(" " + method));
  }

  /** Whether there is such a class, with such a member, if its package is one of ours. */
  private boolean isType(String name) {
    Matcher type = TYPE.matcher(name);
    return !type.matches() || TEST.matcher(name).matches() || !isFolder(type.group(1))
        || sources.entrySet().stream()
            .filter(source -> source.getKey().endsWith("/" + type.group(1) + "/" + type.group(2) + ".java"))
            .anyMatch(source -> type.group(3) == null || source.getValue().contains(" " + type.group(3)));
  }

  private boolean isFolder(String name) {
    return sources.keySet().stream().anyMatch(source -> source.contains("/" + name + "/"));
  }

  /** The module of a page, and so of the tests that it names; another if one stands before a name. */
  private static Path module(Path page, String before) {
    Path own = page.getParent();
    while (!Files.exists(own.resolve("pom.xml")) && !own.equals(SourceTree.ROOT)) {
      own = own.getParent();
    }
    Matcher other = MODULE.matcher(before);
    return other.find() ? modules().getOrDefault(other.group(1), own) : own;
  }

  private static Map<String, Path> modules() {
    try {
      return SourceTree.files("pom.xml").stream().map(Path::getParent).filter(folder -> !folder.endsWith("guice"))
          .collect(Collectors.toMap(folder -> folder.getFileName().toString(), folder -> folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFile(String path, Path page) {
    String start = path.split("/", 2)[0];
    boolean ours = Files.exists(SourceTree.ROOT.resolve(start)) && !Set.of("..", "target").contains(start);
    return !ours || Files.exists(SourceTree.ROOT.resolve(path)) || Files.exists(page.resolveSibling(path));
  }

  /** What leads nowhere in a page. */
  private List<String> astray(Path page, String text) {
    List<String> astray = new ArrayList<>();
    QUOTED.matcher(text).results().forEach(quoted -> {
      String name = quoted.group(1);
      add(astray, name, TEST.matcher(name).matches(), found -> {
        Matcher test = TEST.matcher(found);
        Path module = module(page, text.substring(Math.max(0, quoted.start() - LONGEST_MODULE), quoted.start()));
        return test.matches() && isTest(test.group(1), test.group(2), module);
      });
      add(astray, name, PATH.matcher(name).matches(), found -> isFile(found, page));
      add(astray, name, true, this::isType);
    });
    OPTION.matcher(text).results().map(option -> option.group())
        .forEach(option -> add(astray, option, true, this::isOption));
    PROPERTY.matcher(text).results().map(property -> property.group(1))
        .forEach(property -> add(astray, property, true, everything::contains));
    return astray;
  }

  private static void add(List<String> astray, String name, boolean applies, Predicate<String> leads) {
    if (applies && !leads.test(name)) {
      astray.add(name);
    }
  }

  private boolean isOption(String option) {
    return OF_OTHERS.contains(option) || everything.contains("\"" + option) || everything.contains(option + ")");
  }

  @Test
  void whatTheReadmesNameIsThere() throws IOException {
    List<String> astray = new ArrayList<>();
    List<Path> pages = SourceTree.files(".md");
    for (Path page : pages) {
      astray(page, text(page)).forEach(name -> astray.add(SourceTree.ROOT.relativize(page) + ": " + name));
    }
    assertTrue(pages.size() > 10, () -> "only " + pages.size() + " pages were found in " + SourceTree.ROOT);
    assertEquals(List.of(), astray);
  }

  @ParameterizedTest
  @CsvSource({
    "`NoSuchTest`,NoSuchTest", "`ReadmeNamesTest.noSuchRule`,ReadmeNamesTest.noSuchRule",
    "`a.ReadmeNamesTest.whatTheReadmesName...`,", "`api/src/nowhere`,api/src/nowhere", "`api/src/main`,",
    "`commit.NoSuchClass`,commit.NoSuchClass", "`commit.Committer.noSuch`,commit.Committer.noSuch",
    "`io.flatview.dispatch.commit.Committer`,", "`java.lang.Object`,", "`commit.Publisher.assign`,",
    "say --no-such-option,--no-such-option", "say --rcu,", "-Dflatview.no.such,flatview.no.such", "-Dflatview.rcu=x,"
  })
  void aNameThatLeadsNowhereIsCaught(String text, String name) {
    assertEquals(name == null ? List.of() : List.of(name), astray(SourceTree.ROOT.resolve("README.md"), text));
  }

  @Test
  void aTestOfAnotherModuleIsCaughtUnlessTheModuleIsNamed() {
    Path page = SourceTree.ROOT.resolve("dispatch/README.md");
    assertEquals(List.of("ReadmeNamesTest"), astray(page, "(`ReadmeNamesTest`)"));
    assertEquals(List.of("ReadmeNamesTest"), astray(page, "races: `ReadmeNamesTest`"));
    assertEquals(List.of(), astray(page, "`AccessTest`, architecture: `ReadmeNamesTest`"));
  }

  /** The order in which a listener is called is told at the top of it. */
  private static List<String> withoutAPlace(String listener) {
    String order = listener.substring(0, listener.indexOf("public interface"));
    return Pattern.compile("(?m)^  default void (\\w+)\\(").matcher(listener).results().map(found -> found.group(1))
        .filter(callback -> !Pattern.compile("#" + callback + "\\b").matcher(order).find()).toList();
  }

  @Test
  void everyCallbackHasAPlaceInTheOrderOfCalls() {
    String listener = sources.get("api/src/main/java/io/flatview/memory/MemoryListener.java");
    assertEquals(List.of(), withoutAPlace(listener));
    assertEquals(List.of("commit", "touched"), withoutAPlace(
        listener.replace("#commit}", "}") + "  default void touched(int section) {}\n"));
  }

  /** The table of {@code io.flatview.memory} has a place for each of its types. */
  @Test
  void everyTypeOfTheMapStandsInThePackagesTable() {
    String folder = "api/src/main/java/io/flatview/memory/";
    String table = sources.get(folder + "package-info.java");
    Pattern type = Pattern.compile("(?m)^public (?:\\w+ |non-sealed )*?(?:interface|class|record|enum) (\\w+)");
    List<String> missing = sources.entrySet().stream()
        .filter(source -> source.getKey().startsWith(folder))
        .flatMap(source -> type.matcher(source.getValue()).results().map(found -> found.group(1)))
        .filter(name -> !table.contains("{@link " + name + "}"))
        .sorted()
        .toList();
    assertEquals(List.of(), missing);
    assertTrue(table.contains("{@link MemorySystem}"));
  }
}
