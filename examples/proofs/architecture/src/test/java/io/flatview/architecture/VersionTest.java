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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The version stands once, in the parent; texts that tell users which to take name that one. */
class VersionTest {

  private static final Pattern REVISION = Pattern.compile("<revision>([^<]+)</revision>");

  private final String version;

  VersionTest() throws IOException {
    Matcher revision = REVISION.matcher(text("pom.xml"));
    assertTrue(revision.find());
    version = revision.group(1);
  }

  private static String text(String file) throws IOException {
    return Files.readString(SourceTree.ROOT.resolve(file));
  }

  private boolean names(String text) {
    return Pattern.compile("(?<![\\d.])" + Pattern.quote(version) + "(?![\\d.]*\\d)").matcher(text).find();
  }

  /** A project outside the tree has no parent here to ask. */
  private static boolean isOutside(Path file) {
    return file.startsWith(SourceTree.ROOT.resolve("examples/samples/consumer"));
  }

  @Test
  void noSourceAndNoOtherPomNamesIt() throws IOException {
    List<Path> named = new ArrayList<>();
    List<Path> files = SourceTree.files(".java", "pom.xml", ".properties");
    for (Path file : files) {
      if (names(Files.readString(file)) && !isOutside(file)) {
        named.add(SourceTree.ROOT.relativize(file));
      }
    }
    assertEquals(List.of(Path.of("pom.xml")), named);
    assertEquals(2, text("pom.xml").split(Pattern.quote(version), -1).length, "in pom.xml");
    assertTrue(files.size() > 500, () -> "only " + files.size() + " files were found in " + SourceTree.ROOT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", ".github/CHANGELOG.md", "examples/samples/consumer/pom.xml"})
  void textsForUsersNameIt(String file) throws IOException {
    assertTrue(names(text(file)), file);
  }

  @Test
  void anotherVersionIsNotTakenForIt() {
    assertTrue(names("flatview-bom:" + version + "`") && names("flatview-" + version + ".jar"));
    assertEquals(List.of(false, false, false),
        List.of(names("1" + version), names(version + ".1"), names("2." + version)));
  }
}
