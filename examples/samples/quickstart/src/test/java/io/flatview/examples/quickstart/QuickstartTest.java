package io.flatview.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class QuickstartTest {

  private static final Path SOURCE = Path.of("src/main/java/io/flatview/examples/quickstart/Quickstart.java");
  private static final Path FRONT_PAGE = Path.of("../../../README.md");

  @Test
  void theFrontPageShowsTheCodeThatIsCompiledHere() throws IOException {
    String source = Files.readString(SOURCE);
    String code = between(source, "// front page: begin\n", "    // front page: end").stripTrailing().stripIndent();
    assertEquals(code, between(Files.readString(FRONT_PAGE), "```java\n", "```").strip());
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf(end, from));
  }

  @Test
  void itPrintsWhatTheFrontPageSays() throws Exception {
    assertEquals(
        """
        11223344
        uart: A
        0000000080000000-0000000083ffffff dram @0000000000000000
        """,
        printedBy(() -> Quickstart.main(new String[0])));
  }

  @Test
  @Timeout(60)
  void bothCpusOfTheBoardSeeTheCardComeAndGo() throws Exception {
    String printed = printedBy(() -> Board.main(new String[0]));
    assertEquals(List.of("card: off", "uart: a", "uart: b"), printed.lines().sorted().toList());
  }

  private interface Program {
    void run() throws Exception;
  }

  private static String printedBy(Program program) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream console = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      program.run();
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }
}
