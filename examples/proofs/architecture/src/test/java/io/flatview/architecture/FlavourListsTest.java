package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No source lists the flavours by hand: what runs on each asks which there are, and so runs on a new one. */
class FlavourListsTest {

  private static final Pattern STRINGS = Pattern.compile("\"[^\"\n]*\"(?:\\s*,\\s*\"[^\"\n]*\")+");
  private static final Pattern STRING = Pattern.compile("\"(?:rcu-)?(\\w+)(?:/\\w+)?\"");

  /** JMH wants constants; the test of swapping fails if its path has a flavour that its list lacks. */
  private static final Set<String> CONSTANTS = Set.of("SharedPolicy.java", "SwapTest.java");

  /** A text that names more of them than two is about them all. */
  private static final int PAIR = 2;

  /** Texts on those that there were. */
  private static final Set<String> OF_THEIR_TIME = Set.of("CHANGELOG.md", "litmus/README.md");

  private final Set<String> flavours = flavours();

  /** As the checkout has them: a folder each. */
  static Set<String> flavours() {
    try (Stream<Path> folders = Files.list(SourceTree.ROOT)) {
      return new TreeSet<>(folders.map(folder -> folder.getFileName().toString())
          .filter(name -> name.startsWith("rcu-")).map(name -> name.substring("rcu-".length())).toList());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean listsAll(String source) {
    return STRINGS.matcher(source).results().anyMatch(list -> {
      Set<String> left = new TreeSet<>(flavours);
      STRING.matcher(list.group()).results().forEach(string -> left.remove(string.group(1)));
      return left.isEmpty();
    });
  }

  /** Whether a text is about all of some flavours, and leaves one out. */
  private static boolean leavesOut(String text, Set<String> flavours) {
    long named = flavours.stream().filter(one -> Pattern.compile("\\b" + one + "\\b").matcher(text).find()).count();
    return named > PAIR && named < flavours.size();
  }

  /** Poms, scripts, guides, help, messages: a new flavour that one of them lacks is not built, found or tried there. */
  @Test
  void textsThatNameMostFlavoursNameThemAll() throws IOException {
    List<Path> texts = SourceTree.files(".java", ".md", ".xml", ".yml", "/check", "/flatview");
    assertEquals(List.of(), texts.stream()
        .filter(file -> OF_THEIR_TIME.stream().noneMatch(file::endsWith))
        .filter(file -> leavesOut(read(file), flavours))
        .map(SourceTree.ROOT::relativize).toList());
    assertTrue(texts.stream().filter(file -> leavesOut(read(file), withOneMore())).count() > 20);
  }

  private Set<String> withOneMore() {
    Set<String> more = new TreeSet<>(flavours);
    more.add("oneMore");
    return more;
  }

  @Test
  void aTextThatLeavesOneOutIsFound() {
    String all = String.join("</module> <module>rcu-", flavours);
    assertTrue(leavesOut(all, withOneMore()));
    assertFalse(leavesOut(all + " rcu-oneMore", withOneMore()));
    assertFalse(leavesOut("rcu-" + String.join(" rcu-", List.copyOf(flavours).subList(0, PAIR)), withOneMore()));
  }

  @Test
  void noSourceListsTheFlavours() throws IOException {
    List<Path> sources = SourceTree.files(".java");
    List<String> lists = sources.stream()
        .filter(file -> listsAll(read(file)))
        .map(file -> file.getFileName().toString()).sorted().toList();
    assertEquals(CONSTANTS.stream().sorted().toList(), lists);
    assertTrue(sources.size() > 500, () -> "only " + sources.size() + " sources were found in " + SourceTree.ROOT);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aListIsFoundHoweverItIsWritten() {
    String quoted = String.join("\",\n    \"", flavours);
    assertTrue(listsAll("List.of(\"" + quoted + "\")"));
    assertTrue(listsAll("{\"own\", \"" + quoted.replace("\"\n", "/way\"\n") + "\"}"));
    assertTrue(listsAll("Set.of(\"rcu-" + String.join("\", \"rcu-", flavours) + "\")"));
    assertFalse(listsAll("run(\"" + flavours.iterator().next() + "\", \"own\")"));
  }
}
