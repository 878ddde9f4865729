package io.flatview.examples.cli.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpTextTest {

  private static DumpText text(byte[] bytes) {
    return DumpText.of("f", bytes);
  }

  private static String problem(byte[] bytes) {
    return assertThrows(DumpException.class, () -> text(bytes)).getMessage();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void linesMayEndLikeOnWindows() {
    assertEquals(List.of("a", "", "b"), text(utf8("a\r\n\r\nb\r\n")).lines().stream().map(Line::text).toList());
  }

  @Test
  void whatIsNoTextIsToldByItsLine() {
    assertEquals(
        "f:2: holds bytes that are no text: this is a binary file, or a damaged one",
        problem(new byte[] {'a', '\n', (byte) 0xff, '\n'}));
    assertEquals(
        "f:3: holds bytes that are no text: this is a binary file, or a damaged one", problem(utf8("a\nb\n\0\n")));
  }

  @Test
  void aLineWithoutAnEndWasCutOff() {
    Problems problems = new Problems("f");
    DumpText.of("f", utf8("a\nb")).requireEnd(problems);
    DumpException failure = assertThrows(DumpException.class, problems::throwIfAny);
    assertEquals("f:2: the file ends within this line: it was cut off", failure.getMessage());
  }

  @Test
  void blanksAloneAreNoText() {
    assertEquals("f: the file is empty", problem(utf8(" \n\n")));
  }

  @Test
  void aFolderIsNoDump(@TempDir Path folder) {
    DumpException failure = assertThrows(DumpException.class, () -> DumpText.ofFile(folder));
    assertEquals(folder + ": is a folder, not a dump", failure.getMessage());
  }

  @Test
  void onlyTheFirstProblemsAreListed() {
    Problems problems = new Problems("f");
    for (int line = 1; line <= Problems.LIMIT + 5; line++) {
      problems.add(line, "bad");
    }
    DumpException failure = assertThrows(DumpException.class, problems::throwIfAny);
    assertEquals(Problems.LIMIT + 1, failure.problems().size());
    assertEquals("f: and 5 more problems", failure.problems().getLast().toString());
  }
}
