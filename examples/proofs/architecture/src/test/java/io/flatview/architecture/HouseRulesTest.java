package io.flatview.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HouseRulesTest {

  private static final JavaClasses HOUSE = importing(location -> !location.contains("/planted/"));
  private static final JavaClasses HOUSE_WITH_BREAKERS = importing(location -> true);

  private static final Map<HouseRules, String> BREAKERS = Map.ofEntries(
      Map.entry(HouseRules.THE_API_STANDS_ALONE, "io.flatview.memory.planted.KnowsDispatch"),
      Map.entry(HouseRules.RECLAMATION_KNOWS_NOTHING_OF_MEMORY_MAPS, "io.flatview.rcu.planted.KnowsMemory"),
      Map.entry(HouseRules.USERS_OF_RECLAMATION_DO_NOT_SEE_ITS_ENGINE, "io.flatview.dispatch.planted.KnowsEngine"),
      Map.entry(HouseRules.NOBODY_NAMES_A_FLAVOUR, "io.flatview.dispatch.planted.NamesAFlavour"),
      Map.entry(HouseRules.A_FLAVOUR_NEEDS_ONLY_THE_API, "io.flatview.rcu.epoch.planted.PlantedFlavour"),
      Map.entry(HouseRules.FLAVOURS_DO_NOT_KNOW_EACH_OTHER, "io.flatview.rcu.qsbr.planted.KnowsEpoch"),
      Map.entry(HouseRules.AN_IOMMU_NEEDS_ONLY_THE_API, "io.flatview.iommu.planted.KnowsInsides"),
      Map.entry(HouseRules.A_BOARD_NEEDS_ONLY_THE_API, "io.flatview.examples.virt64.planted.KnowsInsides"),
      Map.entry(HouseRules.GUICE_STAYS_IN_ITS_ROOM, "io.flatview.dispatch.planted.UsesGuice"),
      Map.entry(HouseRules.QUEUES_STAY_IN_THE_ENGINE, "io.flatview.dispatch.planted.UsesQueues"),
      Map.entry(HouseRules.ONLY_QUEUES_WITHOUT_UNSAFE, "io.flatview.rcu.spi.planted.UsesUnsafeQueue"),
      Map.entry(HouseRules.DATA_FLOWS_ONE_WAY, "io.flatview.dispatch.topology.planted.KnowsViews"),
      Map.entry(HouseRules.NO_CYCLES, "io.flatview.planted.one.One"),
      Map.entry(HouseRules.NO_KOTLIN, "io.flatview.dispatch.planted.UsesKotlin"),
      Map.entry(HouseRules.NO_UNSAFE, "io.flatview.dispatch.planted.UsesInternals"));

  private interface Place {
    boolean accepts(Location location);
  }

  private static JavaClasses importing(Place place) {
    return new ClassFileImporter()
        .withImportOption(location -> place.accepts(location) && !location.contains("/io/flatview/architecture/"))
        .importPackages("io.flatview");
  }

  @ParameterizedTest
  @EnumSource
  void theHouseKeeps(HouseRules rule) {
    rule.rule().check(HOUSE);
  }

  @ParameterizedTest
  @EnumSource
  void aPlantedBreakerIsCaughtBy(HouseRules rule) {
    AssertionError caught = assertThrows(AssertionError.class, () -> rule.rule().check(HOUSE_WITH_BREAKERS));
    assertTrue(caught.getMessage().contains(BREAKERS.get(rule)), caught.getMessage());
  }

  @Test
  void everyRuleHasABreaker() {
    assertEquals(EnumSet.allOf(HouseRules.class), BREAKERS.keySet());
  }

  private static Set<String> stations(JavaClasses classes) {
    return classes.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> name.startsWith("io.flatview.dispatch.") && !name.startsWith("io.flatview.dispatch.guice"))
        .map(name -> name.split("[.]")[3])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyPackageOfTheDispatcherIsAStation() {
    assertEquals(new TreeSet<>(Stations.ORDER), stations(HOUSE));
  }

  @Test
  void aPackageThatIsNoStationIsFound() {
    assertTrue(stations(HOUSE_WITH_BREAKERS).contains("planted"));
  }

  @Test
  void everyModuleIsChecked() {
    for (String known : new String[] {
      "io.flatview.memory.MemorySystem", "io.flatview.rcu.ReclaimPolicy", "io.flatview.dispatch.DispatchMemory",
      "io.flatview.iommu.WindowIommu", "io.flatview.examples.virt64.board.Board",
      "io.flatview.examples.virtio.VirtQueue", "io.flatview.examples.vhost.session.Session"
    }) {
      assertTrue(HOUSE.contain(known), known);
    }
    for (String flavour : FlavourListsTest.flavours()) {
      assertTrue(HOUSE.stream().anyMatch(c -> c.getPackageName().equals("io.flatview.rcu." + flavour)), flavour);
    }
  }
}
