package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Flavours and IOMMUs of the house are held to the suites by which those of others are. */
class ContractsTest {

  private static final Pattern MODEL = Pattern.compile(
      "\\b(?:class|record|enum) (\\w+)[^{;]*\\bimplements\\b[^{;]*\\bIommu(?:Model|Translator)\\b");

  private static List<String> sources(Predicate<Path> where, String ending) throws IOException {
    List<String> sources = new ArrayList<>();
    for (Path file : SourceTree.files(ending)) {
      if (where.test(SourceTree.ROOT.relativize(file))) {
        sources.add(Files.readString(file));
      }
    }
    return sources;
  }

  private static boolean isMain(Path file) {
    return file.toString().contains("src/main/java/");
  }

  private static boolean holds(List<String> tests, String contract, String subject) {
    return tests.stream().anyMatch(test -> test.contains(" extends " + contract + " ") && test.contains(subject));
  }

  @Test
  void everyFlavourPassesTheContractsOfFlavours() throws IOException {
    List<String> missing = new ArrayList<>();
    for (String flavour : FlavourListsTest.flavours()) {
      List<String> tests = sources(file -> file.startsWith("rcu-" + flavour), "Test.java");
      for (String contract : List.of("ReclaimPolicyContract", "ProviderContract")) {
        if (!holds(tests, contract, "")) {
          missing.add("rcu-" + flavour + " and " + contract);
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  /** The models of IOMMUs by their names, with the sources that declare them. */
  private static Map<String, String> models(List<String> sources) {
    Map<String, String> models = new TreeMap<>();
    for (String source : sources) {
      MODEL.matcher(source).results().forEach(found -> models.put(found.group(1), source));
    }
    return models;
  }

  /** Models that no contract is for: neither they nor another model that makes them. */
  private static List<String> unheld(Map<String, String> models, List<String> tests) {
    List<String> held = models.keySet().stream()
        .filter(model -> holds(tests, "TranslatorContract", "new " + model + "(")).toList();
    return models.keySet().stream()
        .filter(model -> !held.contains(model)
            && held.stream().noneMatch(maker -> models.get(maker).contains("new " + model + "(")))
        .toList();
  }

  @Test
  void everyIommuPassesTheContractOfTranslators() throws IOException {
    Map<String, String> models = models(sources(ContractsTest::isMain, ".java"));
    assertTrue(models.keySet().containsAll(Set.of("WindowIommu", "Device", "Iotlb", "PageDetours")), models::toString);
    assertEquals(List.of(), unheld(models, sources(_ -> true, "Test.java")));
  }

  @Test
  void aModelWithoutATestOfItsOwnIsFound() {
    Map<String, String> models = models(List.of("public final class Planted implements IommuTranslator {",
        "class WindowIommu\n    implements AutoCloseable, IommuModel { new Part() }",
        "final class Part implements IommuTranslator {", "record NotOne(int i) { } implements IommuTranslator"));
    assertEquals(Set.of("Planted", "WindowIommu", "Part"), models.keySet());
    assertEquals(List.of("Planted"), unheld(models,
        List.of("class T extends TranslatorContract { new WindowIommu() }", "new Planted()")));
  }
}
