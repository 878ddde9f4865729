package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.iommu.IommuTranslate;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Peer;
import io.flatview.examples.bench.table.Subject;
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
    line("no IOMMU, one address", "the base", "translate", "none", 0, Peer.NONE);
    line("no IOMMU, 64 MiB", "the base, at random", "translate", "none", 64 * MIB, Peer.NONE);
    line("windows, one address", "the hop alone", "translate", "windows", 0, new Peer("17.8", IDENTITY));
    line("4 KiB pages, one address", "an IOTLB hit", "translate", "4k", 0, new Peer("89", INTEL));
    line("4 KiB pages, 2 MiB", "hits, at random", "translate", "4k", 2 * MIB, new Peer("90", INTEL));
    line("4 KiB pages, 64 MiB", "16,384 pages, at random", "translate", "4k", 64 * MIB, new Peer("344", INTEL));
    line("1 GiB page, one address", "an IOTLB hit", "translate", "1g", 0, new Peer("99", INTEL));
    line("1 GiB page, 64 MiB", "at random", "translate", "1g", 64 * MIB, new Peer("103", INTEL));
  }

  private void loads() {
    line("load, no IOMMU", "4 bytes of RAM", "load", "none", 0, Peer.NONE);
    line("load, 4 KiB pages", "the same behind a hit", "load", "4k", 0, new Peer("98.6", INTEL));
    line("load, 4 KiB pages, 64 MiB", "at random", "load", "4k", 64 * MIB, new Peer("512", INTEL));
  }

  private void line(String name, String isolates, String method, String hop, long span, Peer peer) {
    subjects.add(new Subject(name, isolates, trial(method, hop, span), Optional.of(trial(method, "none", 0)),
        Unit.NANOS, peer));
  }

  private static Trial trial(String method, String hop, long span) {
    return new Trial(IommuTranslate.class, method, 1, Map.of("hop", hop, "span", String.valueOf(span)));
  }
}
