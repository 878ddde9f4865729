package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An import that a source does not use says that it depends on what it does not: javac does not warn of one. */
class UnusedImportsTest {

  private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?[\\w.]+\\.(\\w+);\\R");

  private static List<String> unused(String source) {
    String rest = IMPORT.matcher(source).replaceAll("");
    List<String> names = new ArrayList<>();
    Matcher imports = IMPORT.matcher(source);
    while (imports.find()) {
      String name = imports.group(1);
      if (!Pattern.compile("\\b" + name + "\\b").matcher(rest).find()) {
        names.add(name);
      }
    }
    return names;
  }

  @Test
  void everyImportIsUsed() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path source : SourceTree.files(".java")) {
      for (String name : unused(Files.readString(source))) {
        faults.add(SourceTree.ROOT.relativize(source) + " does not use " + name);
      }
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void anImportThatIsNotUsedIsFound() {
    String source = """
        package a;

        import static a.B.one;
        import a.Two;
        import a.Three;

        class C {
          Two t = one;
        }
        """;
    assertEquals(List.of("Three"), unused(source));
    assertEquals(List.of(), unused(source.replace("import a.Three;\n", "")));
  }
}
