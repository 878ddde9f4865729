package io.flatview.examples.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReclaimPolicies;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class ProgramTest {

  @Command(name = "flatview tool", mixinStandardHelpOptions = true, versionProvider = Version.class)
  private record Tool(Runnable work) implements Runnable {
    @Override
    public void run() {
      work.run();
    }
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Runnable work, String... arguments) {
    return Program.of(new Tool(work)).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
  }

  @Test
  void theVersionIsThatOfTheBuild() throws Exception {
    Matcher version = Pattern.compile("<revision>([^<]+)</revision>")
        .matcher(Files.readString(Path.of("..", "..", "..", "pom.xml")));
    assertTrue(version.find());
    assertEquals(0, run(() -> { }, "--version"));
    assertEquals("flatview " + version.group(1), out.toString().strip());
  }

  @Test
  void aMistakeIsTwoLinesAndStatus2() {
    assertEquals(2, run(() -> { }, "--fast"));
    assertEquals(2, err.toString().lines().count(), err::toString);
    assertTrue(err.toString().startsWith("flatview tool: "), err::toString);
    assertTrue(err.toString().contains("'flatview tool --help' tells more."), err::toString);
  }

  @Test
  void aFailureIsOneLineAndStatus1() {
    assertEquals(1, run(() -> {
      throw new IllegalStateException("broken");
    }));
    assertEquals("flatview: unexpected failure, please report it: java.lang.IllegalStateException: broken",
        err.toString().strip());
  }

  @Test
  void aFlavourThatIsNotThereIsSaidInTheWordsOfTheDiscovery() {
    assertEquals(1, run(ReclaimPolicies::discover));
    assertTrue(err.toString().startsWith("flatview: found no reclamation flavour"), err::toString);
  }
}
