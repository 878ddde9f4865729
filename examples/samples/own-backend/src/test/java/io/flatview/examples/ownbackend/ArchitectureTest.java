package io.flatview.examples.ownbackend;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.flatview.rules.FlatviewRules;

/** A flavour may use the engine, and keeps the other rules. */
@AnalyzeClasses(packages = "io.flatview.examples.ownbackend", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchTests FLATVIEW = ArchTests.in(FlatviewRules.class);
}
