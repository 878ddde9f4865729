package io.flatview.examples.archrules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.FailureReport;
import io.flatview.rules.FlatviewRules;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule catches the classes that break it, and nothing else. */
class BreakersTest {

  private static final JavaClasses BROKEN =
      new ClassFileImporter().importPackages("io.flatview.examples.archrules.broken");

  /** By the name of the rule, a piece of each message that it must give. */
  private static final Map<String, Set<String>> EXPECTED = Map.of(
      "CALLBACKS_DO_NOT_WAIT", Set.of(
          "SleepingDevice.read -> SleepingDevice.next calls BlockingQueue.take, which blocks, at"
              + " (SleepingDevice.java:19)",
          "WaitingDevice.write calls ReclaimPolicy.synchronize, which waits for a grace period",
          "the ReclaimAction made at (WaitingAction.java:16) calls LockSupport.parkNanos, which blocks",
          "the ReclaimAction made at (WaitingAction.java:17) is LockSupport.park, which blocks"),
      "SECTIONS_AND_READERS_ARE_NOT_STORED", Set.of(
          "KeptReader.reader> keeps a MapReader", "KeptReader.readers> keeps a MapReader",
          "KeptReader.seen> keeps a Translation", "KeptReader.open> keeps a ReadSection",
          "SharedReader.reader> keeps a MapReader", "SharedReader$Confined.latest> keeps a MapReader",
          "SharedReader$Confined.found> keeps a Translation"),
      "COMPOSITION_ALONE_NAMES_A_BACKEND", Set.of(
          "calls constructor <io.flatview.rcu.epoch.EpochPolicyProvider.<init>()>",
          "calls method <io.flatview.rcu.epoch.EpochPolicyProvider.create()>"),
      "ONLY_THE_API_IS_USED", Set.of("Insider.topology> has type", "Insider.flavour> has type"),
      "SECTIONS_ARE_CLOSED_BY_TRY", Set.of(
          "(KeptReader.java:23)", "(LooseSection.java:13)", "(LooseSection.java:20)", "(LooseSection.java:30)",
          "(LooseSection.java:34)"));

  static List<Field> rules() {
    return Arrays.stream(FlatviewRules.class.getFields())
        .filter(field -> field.isAnnotationPresent(ArchTest.class))
        .toList();
  }

  @Test
  void everyRuleHasABreaker() {
    assertEquals(EXPECTED.keySet(), rules().stream().map(Field::getName).collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theBreakersAndOnlyTheyAreCaughtBy(Field field) throws IllegalAccessException {
    FailureReport report = ((ArchRule) field.get(null)).evaluate(BROKEN).getFailureReport();
    Set<String> expected = EXPECTED.get(field.getName());
    assertEquals(expected, report.getDetails().stream()
        .map(detail -> expected.stream().filter(detail::contains).findFirst().orElse(detail))
        .collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theMessageSaysWhatToWriteInstead(Field field) throws IllegalAccessException {
    String message = ((ArchRule) field.get(null)).evaluate(BROKEN).getFailureReport().toString();
    assertTrue(message.contains(", because ") && message.contains("Instead, "), message);
  }
}
