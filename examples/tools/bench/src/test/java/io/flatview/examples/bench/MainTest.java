package io.flatview.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

  @ParameterizedTest
  @CsvSource({"rcu, --filter, (", "commit, --filter, nothing-is-named-so", "translate, --fast, x"})
  void aWrongCommandLineIsToldInTwoLines(String command, String option, String value) {
    StringWriter told = new StringWriter();
    int status = Main.commandLine().setErr(new PrintWriter(told)).execute(command, option, value);
    assertEquals(2, status, told.toString());
    assertEquals(2, told.toString().lines().count(), told.toString());
    assertTrue(told.toString().contains("--help' tells more"), told.toString());
  }

  @Test
  void aNameThatIsNearlyRightIsToldWithThoseThatAre() {
    StringWriter told = new StringWriter();
    assertEquals(2, Main.commandLine().setErr(new PrintWriter(told)).execute("commitment"));
    assertTrue(told.toString().contains("Did you mean: flatview bench commit"), told.toString());
  }
}
