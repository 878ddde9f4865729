package io.flatview.rcu.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.rcu.Checked;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@link Checked#STACKS} is decided when a JVM starts, so this starts one for each value. */
class StacksModeTest {

  /** Two pointers followed outside a section, and a section left elsewhere: each names the last entry. */
  @Test
  void withStacksEveryReportShowsWhereTheSectionWasEntered() {
    assertEquals(3, linesOf("stacks").filter(line -> line.contains("StacksProbe.enterForALook")).count());
    assertEquals(3, linesOf("stacks").filter("reported"::equals).count());
  }

  @Test
  void withoutStacksTheMisuseIsReportedAllTheSame() {
    assertEquals(3, linesOf("true").filter("reported"::equals).count());
    assertEquals(0, linesOf("true").filter(line -> line.contains("enterForALook")).count());
  }

  @Test
  void uncheckedNothingIsReported() {
    assertEquals(0, linesOf("false").filter("reported"::equals).count());
  }

  /** A stalled reader: what its thread does now, and where it entered. */
  @Test
  void withStacksAStallReportShowsWhereTheSectionWasEntered() {
    assertEquals(1, linesOf("stacks").filter("entered in enterForALook, now in lingers"::equals).count());
    assertEquals(1, linesOf("true").filter("entered nowhere, now in lingers"::equals).count());
  }

  private static Stream<String> linesOf(String mode) {
    return ChildJvm.linesOf(
        StacksProbe.class, List.of("-XX:TieredStopAtLevel=1", "-D" + Checked.PROPERTY + "=" + mode));
  }
}
