package io.flatview.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.flatview.architecture.Flavours.ofAFlavour;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;

/** What may depend on what. Every rule has a class among the planted ones that breaks it. */
enum HouseRules {

  THE_API_STANDS_ALONE(noClasses()
      .that().resideInAnyPackage(
          "io.flatview.memory..", "io.flatview.device..", "io.flatview.mapping..", "io.flatview.rcu",
          "io.flatview.rcu.spi..")
      .should().dependOnClassesThat(ofAFlavour().or(
          resideInAnyPackage("io.flatview.dispatch..", "io.flatview.iommu..")))
      .because("contracts do not know who fulfils them")),

  RECLAMATION_KNOWS_NOTHING_OF_MEMORY_MAPS(noClasses()
      .that().resideInAnyPackage("io.flatview.rcu..", "io.flatview.mapping..")
      .should().dependOnClassesThat().resideInAnyPackage("io.flatview.memory..", "io.flatview.dispatch..")
      .because("reclamation is useful on its own")),

  USERS_OF_RECLAMATION_DO_NOT_SEE_ITS_ENGINE(noClasses()
      .that().resideInAnyPackage(
          "io.flatview.memory..", "io.flatview.mapping..", "io.flatview.dispatch..", "io.flatview.iommu..")
      .should().dependOnClassesThat().resideInAPackage("io.flatview.rcu.spi..")
      .because("the engine is for flavours; everyone else uses ReclaimPolicy")),

  NOBODY_NAMES_A_FLAVOUR(noClasses()
      .that(not(ofAFlavour())).and().resideOutsideOfPackage("io.flatview.examples..")
      .should().dependOnClassesThat(ofAFlavour())
      .because("the flavour is chosen by what is on the class path")),

  A_FLAVOUR_NEEDS_ONLY_THE_API(classes()
      .that(ofAFlavour())
      .should().onlyDependOnClassesThat().resideInAnyPackage("java..", "org.jctools..", "io.flatview.rcu..")
      .because("a third party's flavour has nothing else either")),

  FLAVOURS_DO_NOT_KNOW_EACH_OTHER(slices()
      .assignedFrom(Flavours.SLICES).should().notDependOnEachOther()
      .because("exactly one is on the class path")),

  AN_IOMMU_NEEDS_ONLY_THE_API(noClasses()
      .that().resideInAPackage("io.flatview.iommu..")
      .should().dependOnClassesThat().resideInAPackage("io.flatview.dispatch.(*)..")
      .because("translators answer to contracts, not to the dispatcher's insides")),

  A_BOARD_NEEDS_ONLY_THE_API(classes()
      .that().resideInAnyPackage(
          "io.flatview.examples.virt64..", "io.flatview.examples.virtio..", "io.flatview.examples.vhost..")
      .should().onlyDependOnClassesThat().resideInAnyPackage(
          "java..", "picocli..", "io.flatview.examples.virt64..", "io.flatview.examples.virtio..",
          "io.flatview.examples.vhost..", "io.flatview.examples.command", "io.flatview.memory",
          "io.flatview.mapping", "io.flatview.device", "io.flatview.rcu", "io.flatview.dispatch", "io.flatview.iommu..")
      .because("what it cannot do with the API, no embedder can")),

  GUICE_STAYS_IN_ITS_ROOM(noClasses()
      .that().resideOutsideOfPackages("io.flatview..guice..", "io.flatview.examples..")
      .should().dependOnClassesThat().resideInAnyPackage("com.google..", "jakarta.inject..")
      .because("embedding without Guice must not need it")),

  QUEUES_STAY_IN_THE_ENGINE(noClasses()
      .that(not(ofAFlavour())).and().resideOutsideOfPackage("io.flatview.rcu.spi..")
      .should().dependOnClassesThat().resideInAPackage("org.jctools..")
      .because("JCTools serves the retire path and nothing else")),

  ONLY_QUEUES_WITHOUT_UNSAFE(noClasses()
      .that().resideInAPackage("io.flatview..")
      .should().dependOnClassesThat(resideInAPackage("org.jctools..")
          .and(not(resideInAPackage("org.jctools.queues.varhandle..")))
          .and(not(JavaClass.Predicates.INTERFACES)))
      .because("the other queues use Unsafe, which is denied")),

  DATA_FLOWS_ONE_WAY(Stations.inOrder()),

  NO_CYCLES(slices()
      .matching("io.flatview.(**)").should().beFreeOfCycles()
      .because("a package that is part of a cycle cannot be understood alone")),

  NO_KOTLIN(noClasses()
      .that().resideInAPackage("io.flatview..")
      .should().dependOnClassesThat().resideInAnyPackage("kotlin..", "kotlinx..")
      .because("the project is promised to be free of it")),

  NO_UNSAFE(noClasses()
      .that().resideInAPackage("io.flatview..")
      .should().dependOnClassesThat().resideInAnyPackage("sun.misc..", "jdk.internal..")
      .because("what the JDK supports is enough"));

  private final ArchRule rule;

  HouseRules(ArchRule rule) {
    this.rule = rule.allowEmptyShould(false);
  }

  ArchRule rule() {
    return rule;
  }
}
