package io.flatview.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.command.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  @Test
  void helpNamesEveryCommandAndEveryExitCode() {
    CommandRun run = CommandRun.of("--help");
    assertEquals(0, run.exitCode());
    for (String word : new String[] {"demo", "mtree", "check", "Exit codes:"}) {
      assertTrue(run.out().contains(word), run.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mtree", "check"})
  void everyCommandExplainsItselfAndItsExitCodes(String command) {
    CommandRun run = CommandRun.of(command, "--help");
    assertEquals(0, run.exitCode());
    assertTrue(run.out().contains("Exit codes:"), run.out());
  }

  @Test
  void versionIsPrinted() {
    assertEquals(new Version().getVersion()[0], CommandRun.of("--version").out().strip());
  }

  @Test
  void helpNamesTheProgramsThatTheLauncherStarts() {
    String help = CommandRun.of("--help").out();
    for (String program : new String[] {"virt64", "vhost-user-blk", "bench", "debate"}) {
      assertTrue(help.contains("flatview " + program + " "), help);
    }
  }

  @Test
  void withoutACommandTheCommandLineIsWrong() {
    CommandRun run = CommandRun.of();
    assertEquals(2, run.exitCode());
    assertTrue(run.err().startsWith("flatview: name one of demo, "), run.err());
  }

  @Test
  void anUnknownCommandIsWrong() {
    CommandRun run = CommandRun.of("mtre");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().startsWith("flatview: there is no command 'mtre'; name one of demo, "), run.err());
  }

  @Test
  void aWrongCommandLineIsToldInTwoLines() {
    CommandRun run = CommandRun.of("demo", "--seconds", "soon");
    assertEquals(2, run.exitCode());
    assertEquals(2, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("'--seconds'") && run.err().contains("'flatview demo --help'"), run.err());
  }
}
