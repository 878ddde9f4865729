package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.flatview.memory.FlatViewDiff;
import io.flatview.memory.MemoryRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A switch over a closed family of the map, such as the kinds of regions, of edits or of changes, names them all: the
 * compiler finds each place that a new one concerns, listeners and JSON documents included.
 */
class ClosedKindsTest {

  private static final Pattern SWITCH = Pattern.compile("\\bswitch \\(");
  private static final Pattern DEFAULT = Pattern.compile("\\bdefault\\s*(?:->|:)");
  private static final Pattern WORD = Pattern.compile("case MemoryRegion\\.(\\w+) _ -> \"(\\w+)\"");
  private static final int FEW = 2;

  private static final Set<String> TYPES = sealedKinds();
  private static final Pattern TYPE =
      Pattern.compile("\\bcase (?:[\\w.]+\\.)?(?:" + String.join("|", TYPES) + ")\\b[ (]");
  private static final List<Pattern> CHANGES = Stream.of(FlatViewDiff.Kind.values())
      .map(kind -> Pattern.compile("\\bcase [\\w, ]*\\b" + kind + "\\b")).toList();

  /** The simple names of what sealed types permit. */
  private static Set<String> sealedKinds() {
    Set<String> kinds = new TreeSet<>();
    for (JavaClass each : new ClassFileImporter()
        .withImportOption(location -> !location.contains("/planted/"))
        .importPackages("io.flatview.memory", "io.flatview.dispatch")) {
      Class<?>[] permitted = each.reflect().getPermittedSubclasses();
      for (Class<?> kind : permitted == null ? new Class<?>[0] : permitted) {
        kinds.add(kind.getSimpleName());
      }
    }
    kinds.remove("");
    return kinds;
  }

  /** What stands between the braces that open at an index, without the blocks in it. */
  private static String ownBlock(String source, int open) {
    StringBuilder own = new StringBuilder();
    int depth = 0;
    for (int i = open; i < source.length(); i++) {
      char c = source.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (depth == 0) {
        break;
      }
      if (depth == 1) {
        own.append(c);
      }
    }
    return own.toString();
  }

  /** The switches over closed kinds in a source, each without the blocks in it. */
  private static List<String> switches(String source) {
    List<String> found = new ArrayList<>();
    Matcher matcher = SWITCH.matcher(source);
    while (matcher.find()) {
      String block = ownBlock(source, source.indexOf('{', matcher.start()));
      if (TYPE.matcher(block).find() || namesChanges(block)) {
        found.add(block);
      }
    }
    return found;
  }

  private static boolean namesChanges(String block) {
    return CHANGES.stream().filter(kind -> kind.matcher(block).find()).count() >= FEW;
  }

  private static boolean hasDefault(String block) {
    return DEFAULT.matcher(block).find();
  }

  @Test
  void noSwitchOverClosedKindsHasADefault() throws IOException {
    int switches = 0;
    List<String> faults = new ArrayList<>();
    for (Path file : SourceTree.files(".java")) {
      if (file.toString().replace('\\', '/').contains("/src/main/")) {
        List<String> found = switches(Files.readString(file));
        switches += found.size();
        found.stream().filter(ClosedKindsTest::hasDefault)
            .forEach(block -> faults.add(SourceTree.ROOT.relativize(file) + ": " + block.lines().skip(1).findFirst()));
      }
    }
    assertEquals(List.of(), faults);
    assertTrue(switches > 15, "only " + switches + " switches were looked at");
  }

  @Test
  void everyKindOfRegionIsKnown() {
    for (Class<?> kind : MemoryRegion.class.getPermittedSubclasses()) {
      assertTrue(TYPES.contains(kind.getSimpleName()), kind.getName());
    }
  }

  /** What the table of kinds and the list of the documents' words lack. */
  private static List<String> undescribed(String regions, String inspector, String json) {
    List<String> missing = new ArrayList<>();
    List<MatchResult> words = WORD.matcher(json).results().toList();
    assertEquals(leaves(MemoryRegion.class).count(), words.size(), "words of kinds in MapJson");
    for (MatchResult word : words) {
      if (!regions.contains("<th scope=\"row\">{@link " + word.group(1) + "}")) {
        missing.add(word.group(1) + " in the table of MemoryRegion");
      }
      if (!Pattern.compile("\\b" + word.group(2) + "\\b").matcher(inspector).find()) {
        missing.add(word.group(2) + " in the words of MapInspector");
      }
    }
    return missing;
  }

  private static Stream<Class<?>> leaves(Class<?> sealed) {
    return sealed.isSealed() ? Stream.of(sealed.getPermittedSubclasses()).flatMap(ClosedKindsTest::leaves)
        : Stream.of(sealed);
  }

  private static String source(String module, String name) throws IOException {
    return Files.readString(SourceTree.ROOT.resolve(module + "/src/main/java/io/flatview/" + name + ".java"));
  }

  @Test
  void everyKindOfRegionIsDescribed() throws IOException {
    String regions = source("api", "memory/MemoryRegion");
    String inspector = source("api", "memory/MapInspector");
    String json = source("dispatch", "dispatch/inspect/MapJson");
    assertEquals(List.of(), undescribed(regions, inspector, json));
    assertEquals(List.of("Bank in the table of MemoryRegion", "romd in the words of MapInspector"),
        undescribed(regions.replace("{@link Bank}", ""), inspector.replace("romd,", ""), json));
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "case MmioNode device -> 1; default -> 0;", "case MemoryRegion.Bank _ -> 1; default -> 0;",
    "case RegionNode.AliasNode(var target) -> 1; default -> 0;", "case Edit.SetVariant set: return; default: break;",
    "case null, default -> 0; case MmioNode device -> 1;", "case ADDED -> 1; case REMOVED, MOVED -> 2; default -> 0;"
  })
  void aDefaultIsFound(String cases) {
    List<String> found = switches("return switch (it) { " + cases + " };");
    assertEquals(1, found.size(), cases);
    assertTrue(hasDefault(found.getFirst()), cases);
  }

  @Test
  void aSwitchThatNamesThemAllOrIsOverSomethingElseIsLeftAlone() {
    List<String> all = switches("switch (it) { case MmioNode _ -> { switch (size) { default -> a(); } } }");
    assertEquals(1, all.size());
    assertTrue(!hasDefault(all.getFirst()));
    assertEquals(List.of(), switches("switch (it) { case REMOVED -> 1; case Integer i -> 2; default -> 0; }"));
  }
}
