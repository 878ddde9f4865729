package io.flatview.examples.archrules;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.flatview.rules.FlatviewRules;

/** What a user writes. The machine keeps every rule. */
@AnalyzeClasses(
    packages = "io.flatview.examples.archrules.machine", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchTests FLATVIEW = ArchTests.in(FlatviewRules.class);
}
