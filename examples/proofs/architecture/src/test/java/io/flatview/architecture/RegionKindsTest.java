package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A switch over the kinds of regions names them all, so that the compiler finds each place that a new one concerns. */
class RegionKindsTest {

  private static final Path ROOT = SourceTree.ROOT;
  private static final Pattern SWITCH = Pattern.compile("\\bswitch \\(");
  private static final Pattern KIND = Pattern.compile(
      "\\bcase (?:MemoryRegion\\.|RegionNode\\.|(?:Memory|Mmio|Container|Reserved|Iommu)Node\\b)");
  private static final Pattern DEFAULT = Pattern.compile("\\bdefault ->");

  /** The switches over region kinds in a source, and those of them that have a default. */
  private record Found(int switches, List<String> withDefault) {

    static Found in(String source) {
      int switches = 0;
      List<String> withDefault = new ArrayList<>();
      Matcher matcher = SWITCH.matcher(source);
      while (matcher.find()) {
        String block = ownBlock(source, source.indexOf('{', matcher.start()));
        if (KIND.matcher(block).find()) {
          switches++;
          if (DEFAULT.matcher(block).find()) {
            withDefault.add(block.lines().findFirst().orElseThrow() + block.lines().skip(1).findFirst().orElse(""));
          }
        }
      }
      return new Found(switches, withDefault);
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
  }

  @Test
  void noSwitchOverRegionKindsHasADefault() throws IOException {
    int switches = 0;
    List<String> faults = new ArrayList<>();
    for (String module : List.of("api", "dispatch", "iommu", "examples/tools/cli")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          Found found = Found.in(Files.readString(file));
          switches += found.switches();
          found.withDefault().forEach(one -> faults.add(ROOT.relativize(file) + ": " + one.strip()));
        }
      }
    }
    assertEquals(List.of(), faults);
    assertTrue(switches > 5, "only " + switches + " switches were looked at");
  }

  @Test
  void aDefaultIsFound() {
    String planted = """
        return switch (node) {
          case MmioNode device -> {
            yield device;
          }
          default -> null;
        };
        """;
    assertEquals(1, Found.in(planted).withDefault().size());
    assertEquals(0, Found.in(planted.replace("default -> null;", "case ReservedNode _ -> null;")).withDefault().size());
    assertEquals(0, Found.in(planted.replace("MmioNode device", "ViewDiff.Added added")).switches());
  }
}
