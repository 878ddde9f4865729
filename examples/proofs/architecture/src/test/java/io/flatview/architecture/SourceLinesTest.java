package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code .editorconfig} asks of lines, in Java sources and in what is written for people. */
class SourceLinesTest {

  private static final int LONGEST = 120;
  private static final Pattern TABLE_OR_LINK = Pattern.compile("\\s*\\|.*|.*(\\]\\(|https?://).*");

  private static boolean isForPeople(String file) {
    return file.endsWith(".md");
  }

  /** What is wrong with a line; empty if nothing is. */
  private static String fault(String file, String line) {
    if (line.codePointCount(0, line.length()) > LONGEST && !(isForPeople(file) && isTableOrLink(line))) {
      return "has more than " + LONGEST + " columns";
    }
    if (line.indexOf('\t') >= 0) {
      return "has a tab";
    }
    return line.endsWith(" ") ? "ends with a blank" : "";
  }

  private static boolean isTableOrLink(String line) {
    return TABLE_OR_LINK.matcher(line).matches();
  }

  @Test
  void linesAreShortEnoughAndHaveNoTabsAndNoBlanksAtTheirEnds() throws IOException {
    List<String> faults = new ArrayList<>();
    List<Path> sources = SourceTree.files(".java", ".md");
    for (Path source : sources) {
      List<String> lines = Files.readAllLines(source);
      for (int i = 0; i < lines.size(); i++) {
        String fault = fault(source.toString(), lines.get(i));
        if (!fault.isEmpty()) {
          faults.add(SourceTree.ROOT.relativize(source) + ":" + (i + 1) + " " + fault);
        }
      }
    }
    assertTrue(sources.size() > 500, () -> "only " + sources.size() + " sources were found in " + SourceTree.ROOT);
    assertEquals(List.of(), faults);
  }

  @ParameterizedTest
  @CsvSource(ignoreLeadingAndTrailingWhitespace = false, value = {
    "A.java,120,'',''", "A.java,121,'',has more than 120 columns", "A.java,1,' ',ends with a blank",
    "A.java,1,'\t;',has a tab", "A.md,121,'',has more than 120 columns", "A.md,121,' https://example.org',''"
  })
  void aLineThatBreaksARuleIsCaught(String file, int letters, String end, String fault) {
    assertEquals(fault, fault(file, "x".repeat(letters) + end));
  }

  @Test
  void aRowOfATableMayBeLong() {
    assertEquals("", fault("A.md", "|" + "x".repeat(LONGEST)));
    assertEquals("has more than 120 columns", fault("A.java", "|" + "x".repeat(LONGEST)));
  }
}
