package io.flatview.examples.virt64;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import io.flatview.examples.virt64.device.BoardDevice;
import io.flatview.memory.MmioDevice;
import io.flatview.rules.FlatviewRules;

@AnalyzeClasses(packages = "io.flatview.examples.virt64", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchTests FLATVIEW = ArchTests.in(FlatviewRules.class);

  @ArchTest
  static final ArchRule DEVICES_STATE_THEIR_LOCKING = classes()
      .that().implement(MmioDevice.class).and().resideInAnyPackage("..device..", "..pci..", "..virtio..")
      .should().beAssignableTo(BoardDevice.class);
}
