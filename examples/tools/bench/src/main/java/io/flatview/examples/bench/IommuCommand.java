package io.flatview.examples.bench;

import io.flatview.examples.bench.plan.IommuPlan;
import io.flatview.examples.bench.run.Length;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.command.Version;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code flatview bench iommu}: the cost of a hop through an IOMMU. */
@Command(
    name = "iommu",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Translation through one IOMMU: hits and misses of its cache, windows, and none.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything was measured", "1:something gave no result", "2:the command line is wrong"})
public final class IommuCommand extends TableCommand {

  @Override
  List<Subject> subjects(Length length) {
    return IommuPlan.subjects();
  }

  @Override
  String title() {
    return "A hop through an IOMMU";
  }

  @Override
  List<String> notes() {
    return List.of(
        "ratio: to one address without an IOMMU, translated or loaded as the line does it. peer: QEMU 7.2 on an idle",
        "machine with 2 virtual CPUs, behind its model of Intel's IOMMU or of one that maps each address to itself;",
        "to peer: the result by that. Medians of forks.");
  }
}
