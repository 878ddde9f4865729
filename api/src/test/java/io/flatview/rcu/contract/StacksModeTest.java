package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.rcu.Checked;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@link Checked#STACKS} is decided when a JVM starts, so this starts one for each value. */
class StacksModeTest {

  /** Two pointers followed outside a section, and a section left elsewhere: each names the last entry. */
  @Test
  void withStacksEveryReportShowsWhereTheSectionWasEntered() throws IOException {
    assertEquals(3, linesOf("stacks").filter(line -> line.contains("StacksProbe.enterForALook")).count());
    assertEquals(3, linesOf("stacks").filter("reported"::equals).count());
  }

  @Test
  void withoutStacksTheMisuseIsReportedAllTheSame() throws IOException {
    assertEquals(3, linesOf("true").filter("reported"::equals).count());
    assertEquals(0, linesOf("true").filter(line -> line.contains("enterForALook")).count());
  }

  @Test
  void uncheckedNothingIsReported() throws IOException {
    assertEquals(0, linesOf("false").filter("reported"::equals).count());
  }

  private static Stream<String> linesOf(String mode) throws IOException {
    String path = Stream.of("java.class.path", "jdk.module.path").map(System::getProperty).filter(Objects::nonNull)
        .collect(Collectors.joining(File.pathSeparator));
    Process probe = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
        "-D" + Checked.PROPERTY + "=" + mode, "-cp", path, StacksProbe.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new String(probe.getInputStream().readAllBytes()).lines();
  }
}
