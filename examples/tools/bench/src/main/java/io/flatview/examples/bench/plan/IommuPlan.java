package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.iommu.IommuTranslate;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Anchor;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Target;
import io.flatview.examples.bench.table.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that {@code bench iommu} measures, in the order of the table. */
public final class IommuPlan {

  private static final String INTEL = "QEMU intel-iommu";
  private static final String IDENTITY = "QEMU identity";
  private static final long MIB = 1 << 20;
  private static final double HIT = 15;
  private static final double RANDOM = 100;

  private final List<Subject> subjects = new ArrayList<>();

  private IommuPlan() {}

  /**
   * The plan.
   *
   * @return its lines
   */
  public static List<Subject> subjects() {
    IommuPlan plan = new IommuPlan();
    plan.translations();
    plan.loads();
    return plan.subjects;
  }

  private void translations() {
    line("no IOMMU, one address", "the base", "translate", "none", 0, Anchor.NONE, Target.NO_BYTES);
    line("no IOMMU, 64 MiB", "the base, at random", "translate", "none", 64 * MIB, Anchor.NONE, Target.NO_BYTES);
    line("windows, one address", "the hop alone", "translate", "windows", 0, new Anchor("17.8", IDENTITY),
        Target.atMostWithoutBytes(HIT));
    line("4 KiB pages, one address", "an IOTLB hit", "translate", "4k", 0, new Anchor("89", INTEL),
        Target.atMostWithoutBytes(HIT));
    line("4 KiB pages, 2 MiB", "hits, at random", "translate", "4k", 2 * MIB, new Anchor("90", INTEL),
        Target.NO_BYTES);
    line("4 KiB pages, 64 MiB", "16,384 pages, at random", "translate", "4k", 64 * MIB, new Anchor("344", INTEL),
        Target.atMostWithoutBytes(RANDOM));
    line("1 GiB page, one address", "an IOTLB hit", "translate", "1g", 0, new Anchor("99", INTEL),
        Target.atMostWithoutBytes(HIT));
    line("1 GiB page, 64 MiB", "at random", "translate", "1g", 64 * MIB, new Anchor("103", INTEL),
        Target.atMostWithoutBytes(RANDOM));
  }

  private void loads() {
    line("load, no IOMMU", "4 bytes of RAM", "load", "none", 0, Anchor.NONE, Target.NO_BYTES);
    line("load, 4 KiB pages", "the same behind a hit", "load", "4k", 0, new Anchor("98.6", INTEL), Target.NO_BYTES);
    line("load, 4 KiB pages, 64 MiB", "at random", "load", "4k", 64 * MIB, new Anchor("512", INTEL), Target.NO_BYTES);
  }

  private void line(
      String name, String isolates, String method, String hop, long span, Anchor anchor, Target target) {
    subjects.add(new Subject(name, isolates, trial(method, hop, span), Optional.of(trial(method, "none", 0)),
        Unit.NANOS, anchor, target));
  }

  private static Trial trial(String method, String hop, long span) {
    return new Trial(IommuTranslate.class, method, 1, Map.of("hop", hop, "span", String.valueOf(span)));
  }
}
