package io.flatview.examples.vhost;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.flatview.rules.FlatviewRules;

@AnalyzeClasses(
    packages = {"io.flatview.examples.vhost", "io.flatview.examples.virtio"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchTests FLATVIEW = ArchTests.in(FlatviewRules.class);
}
