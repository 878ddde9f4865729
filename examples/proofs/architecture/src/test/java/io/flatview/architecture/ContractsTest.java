package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Flavours and IOMMUs of the house are held to the suites by which those of others are. */
class ContractsTest {

  private static final Pattern MODEL =
      Pattern.compile("(?m)^public .*class (\\w+) .*implements .*Iommu(?:Model|Translator)\\b");

  private static List<String> sources(String folder, String ending) throws IOException {
    List<String> sources = new ArrayList<>();
    for (Path file : SourceTree.files(ending)) {
      if (file.startsWith(SourceTree.ROOT.resolve(folder))) {
        sources.add(Files.readString(file));
      }
    }
    return sources;
  }

  private static boolean holds(List<String> tests, String contract, String subject) {
    return tests.stream().anyMatch(test -> test.contains(" extends " + contract + " ") && test.contains(subject));
  }

  @Test
  void everyFlavourPassesTheContractsOfFlavours() throws IOException {
    List<String> missing = new ArrayList<>();
    for (String flavour : FlavourListsTest.flavours()) {
      List<String> tests = sources("rcu-" + flavour, "Test.java");
      for (String contract : List.of("ReclaimPolicyContract", "ProviderContract")) {
        if (!holds(tests, contract, "")) {
          missing.add("rcu-" + flavour + " and " + contract);
        }
      }
    }
    assertEquals(List.of(), missing);
  }

  private static List<String> models(List<String> sources) {
    return sources.stream().flatMap(source -> MODEL.matcher(source).results())
        .map(found -> found.group(1)).sorted().toList();
  }

  @Test
  void everyIommuPassesTheContractOfTranslators() throws IOException {
    List<String> models = models(sources("iommu/src/main", ".java"));
    assertFalse(models.isEmpty());
    List<String> tests = sources("iommu/src/test", "Test.java");
    assertEquals(List.of(),
        models.stream().filter(model -> !holds(tests, "TranslatorContract", "new " + model + "(")).toList());
  }

  @Test
  void aModelWithoutATestOfItsOwnIsFound() {
    assertEquals(List.of("Planted"), models(List.of("public final class Planted implements IommuTranslator {")));
    List<String> tests = List.of("class T extends TranslatorContract { new WindowIommu() }", "new Planted()");
    assertFalse(holds(tests, "TranslatorContract", "new Planted("));
    assertTrue(holds(tests, "TranslatorContract", "new WindowIommu("));
  }
}
