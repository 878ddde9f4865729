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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sentences name their subjects: a reader, the caller, the thread that waits. Words for an unnamed one stand in no
 * comment of a main source and on no page, not even as relative pronouns, so that no reader has to judge which they
 * are. Quoted code is not prose.
 */
class PlainWordsTest {

  private static final Pattern UNNAMED = Pattern.compile(
      "\\b(?:who|whom|whoever|nobody|somebody|anybody|someone|anyone)\\b", Pattern.CASE_INSENSITIVE);
  private static final String RULE = "names no subject; say which: the reader, the caller, a thread that";

  /** Literals, so that no comment is seen in them, and comments, which are the group. */
  private static final Pattern LITERAL_OR_COMMENT = Pattern.compile(
      "(?s)\"\"\".*?(?<!\\\\)\"\"\"|\"(?:[^\"\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\n]|\\\\.)++'|(/\\*.*?\\*/|//[^\n]*+)");
  private static final Pattern CODE = Pattern.compile("`[^`]*`|\\{@(?:code|link|linkplain)\\s[^}]*}|@param\\s+\\w+");
  private static final Pattern NOT_A_LINE_END = Pattern.compile("[^\n]");

  private static String blank(String text) {
    return NOT_A_LINE_END.matcher(text).replaceAll(" ");
  }

  /** The comments of a source at their places, and blanks around them. */
  private static String comments(String source) {
    StringBuilder comments = new StringBuilder(blank(source));
    Matcher found = LITERAL_OR_COMMENT.matcher(source);
    while (found.find()) {
      if (found.group(1) != null) {
        comments.replace(found.start(), found.end(), found.group());
      }
    }
    return comments.toString();
  }

  private static List<String> faults(String file, String text) {
    String prose = CODE.matcher(file.endsWith(".java") ? comments(text) : text).replaceAll(code -> blank(code.group()));
    List<String> faults = new ArrayList<>();
    UNNAMED.matcher(prose).results().forEach(word -> faults.add(
        file + ":" + lineOf(prose, word.start()) + " '" + word.group() + "' " + RULE));
    return faults;
  }

  private static long lineOf(String text, int place) {
    return 1 + text.chars().limit(place).filter(letter -> letter == '\n').count();
  }

  private static boolean isGuarded(Path file) {
    return file.toString().endsWith(".md") || file.toString().contains("/src/main/");
  }

  @Test
  void sentencesNameTheirSubjects() throws IOException {
    List<String> faults = new ArrayList<>();
    List<Path> files = SourceTree.files(".java", ".md").stream().filter(PlainWordsTest::isGuarded).toList();
    for (Path file : files) {
      faults.addAll(faults(SourceTree.ROOT.relativize(file).toString(), Files.readString(file)));
    }
    assertTrue(files.size() > 500, () -> "only " + files.size() + " files were found in " + SourceTree.ROOT);
    assertEquals(List.of(), faults);
  }

  @ParameterizedTest
  @CsvSource({
    "A.java,/** Nobody waits. */,Nobody", "A.java,int a; // whoever asks,whoever",
    "A.java,/* the one\\n who asks */,who", "A.java,'char c = ''\"''; // for somebody',somebody",
    "A.md,For anybody.,anybody", "A.md,it tells `who` to whom,whom"
  })
  void aSentenceThatNamesNoSubjectIsCaught(String file, String text, String word) {
    String planted = "\n" + text.replace("\\n", "\n");
    int line = planted.substring(0, planted.lastIndexOf(word)).split("\n", -1).length;
    assertEquals(List.of(file + ":" + line + " '" + word + "' " + RULE), faults(file, planted));
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "/** Whose turn it is; a whole one. */", "String a = \"nobody\";",
    "String a = \"\"\"\n // nobody\n \\\"\"\" \"\"\";",
    "String a = \"\\\"// nobody\";", "/** {@code who} and {@link #who} and `who`. */", "/** @param who the reader */",
    "int nobody;"
  })
  void otherTextIsLeftAlone(String text) {
    assertEquals(List.of(), faults("A.java", text));
  }
}
