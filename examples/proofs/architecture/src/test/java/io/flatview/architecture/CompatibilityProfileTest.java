package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the profile {@code compatibility} leaves out is what users cannot reach. */
class CompatibilityProfileTest {

  private static final Path ROOT = SourceTree.ROOT;
  private static final Path PARENT = ROOT.resolve("pom.xml");
  private static final Pattern MODULE = Pattern.compile("<module>([\\w/-]+)</module>");
  private static final Pattern EXPORTS = Pattern.compile("exports ([\\w.]+);");
  private static final Pattern EXCLUDE = Pattern.compile("<exclude>(io\\.flatview\\.[\\w.]+)</exclude>");

  /** Their package-info says that they are free to change. */
  private static final Set<String> EXPORTED_FOR_MEMORY_SYSTEMS = Set.of("io.flatview.mapping.host");

  private static Set<String> hidden(String module) {
    Path sources = ROOT.resolve(module).resolve("src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      Set<String> packages = files.filter(file -> file.toString().endsWith(".java"))
          .map(file -> sources.relativize(file).getParent()).filter(folder -> folder != null)
          .map(folder -> folder.toString().replace(folder.getFileSystem().getSeparator(), "."))
          .collect(Collectors.toCollection(TreeSet::new));
      packages.removeAll(found(EXPORTS, sources.resolve("module-info.java")));
      return packages;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> found(Pattern pattern, Path file) throws IOException {
    return found(pattern, Files.readString(file));
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(result -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> hidden() throws IOException {
    Set<String> hidden = found(MODULE, PARENT).stream()
        .filter(module -> Files.isDirectory(ROOT.resolve(module).resolve("src/main/java")))
        .flatMap(module -> hidden(module).stream())
        .collect(Collectors.toCollection(TreeSet::new));
    assertFalse(hidden.isEmpty());
    hidden.addAll(EXPORTED_FOR_MEMORY_SYSTEMS);
    return hidden;
  }

  @Test
  void itLeavesOutWhatNoModuleExportsToUsers() throws IOException {
    assertEquals(hidden(), found(EXCLUDE, PARENT));
  }

  @Test
  void aHiddenPackageThatIsNotLeftOutIsFound() throws IOException {
    String view = "io.flatview.dispatch.view";
    String without = Files.readString(PARENT).replace("<exclude>" + view + "</exclude>", "");
    assertTrue(hidden().contains(view) && !found(EXCLUDE, without).contains(view));
  }
}
