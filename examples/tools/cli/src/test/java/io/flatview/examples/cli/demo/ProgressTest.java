package io.flatview.examples.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final StringWriter text = new StringWriter();

  private String shown(boolean terminal) {
    Progress progress = new Progress(new PrintWriter(text), terminal, 60);
    progress.show(new Moment(1, 10, 2_000_000, 100, 3_000, 256, 0, 0, 0));
    progress.show(new Moment(2, 20, 6_000_000, 200, 4_500, 0, 0, 0, 0));
    return text.toString();
  }

  @Test
  void aTerminalSeesOneLineThatIsWrittenOver() {
    String line = shown(true);
    assertFalse(line.contains(System.lineSeparator()));
    assertEquals(3, line.split("\r", -1).length);
  }

  @Test
  void aFileGetsALineForEveryMoment() {
    assertFalse(shown(false).contains("\r"));
    assertEquals(2, shown(false).lines().limit(2).count());
  }

  @Test
  void ratesAreThoseSinceTheMomentBefore() {
    String last = shown(false).lines().toList().getLast();
    assertTrue(last.contains("4.0 M/s translations"), last);
    assertTrue(last.contains("1.5 k/s commits"), last);
  }

  @Test
  void aLineFitsEightyColumns() {
    shown(false).lines().forEach(line -> assertTrue(line.length() < 80, line));
  }

  @Test
  void aLineFitsANarrowTerminalSoThatItCanBeWrittenOver() {
    for (String line : shown(true).split("\r")) {
      assertTrue(line.length() < 60, line);
    }
  }
}
