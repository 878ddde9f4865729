package io.flatview.examples.bench.plan;

import io.flatview.examples.bench.map.AddressStream;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.table.Peer;
import io.flatview.examples.bench.table.Subject;
import io.flatview.examples.bench.table.Unit;
import io.flatview.examples.bench.translate.LookupBaselines;
import io.flatview.examples.bench.translate.Publication;
import io.flatview.examples.bench.translate.Translate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that {@code bench translate} measures, in the order of the table. */
public final class TranslatePlan {

  private static final String QEMU = "QEMU";

  private final List<Subject> subjects = new ArrayList<>();

  private TranslatePlan() {}

  /**
   * The plan.
   *
   * @return its lines
   */
  public static List<Subject> subjects() {
    TranslatePlan plan = new TranslatePlan();
    plan.streams();
    plan.guardEach();
    plan.accesses();
    plan.twoReaders();
    plan.baselines();
    plan.publication();
    return plan.subjects;
  }

  private void streams() {
    translate("q35", AddressStream.HOT_RAM, "8.7");
    translate("q35", AddressStream.HOT_MMIO, "8.3");
    translate("q35", AddressStream.SEQ4, "8.6");
    translate("q35", AddressStream.SEQ4K, "8.7");
    translate("q35", AddressStream.RR_RANGES, "16.1");
    translate("q35", AddressStream.ALT_RAM_MMIO, "12.2");
    translate("q35", AddressStream.RND_BYTES, "15.8");
    translate("q35", AddressStream.RND_RANGES, "22.1");
    translate("q35", AddressStream.RAM90MMIO10, "16.6");
    translate("q35", AddressStream.RAM50MMIO50, "19.9");
    translate("q35", AddressStream.MMIO100, "19.1");
    translate("q35", AddressStream.UNMAPPED, "9.1");
    translate("q35-256fn", AddressStream.HOT_RAM, "8.5");
    translate("q35-256fn", AddressStream.RND_RANGES, "27.9");
    translate("q35-256fn", AddressStream.RAM90MMIO10, "21.6");
    translate("gap-10000", AddressStream.HOT_RAM, "8.6");
    translate("gap-10000", AddressStream.RND_RANGES, "34.9");
    translate("gap-10000", AddressStream.RAM90MMIO10, "14.6");
    translate("sparse-10000", AddressStream.RND_RANGES, "75");
  }

  private void translate(String map, AddressStream stream, String qemu) {
    add(map + " " + stream.text(), "16 in each section", trial("translate", map, stream, 1, false), qemu);
  }

  private void guardEach() {
    each("q35", AddressStream.HOT_RAM, "11.7");
    each("q35", AddressStream.RND_RANGES, "25.7");
    each("q35-256fn", AddressStream.RND_RANGES, "31.6");
    each("gap-10000", AddressStream.RND_RANGES, "42.1");
    each("sparse-10000", AddressStream.RND_RANGES, "111");
  }

  private void each(String map, AddressStream stream, String qemu) {
    add(map + " " + stream.text() + " each", "a section for each", trial("translateEach", map, stream, 1, false), qemu);
  }

  private void accesses() {
    access("load", AddressStream.HOT_RAM, "4 bytes of RAM", "13.9");
    access("loadEach", AddressStream.HOT_RAM, "and a section", "15.5");
    access("storeEach", AddressStream.HOT_RAM, "and a section", "31.5");
    access("load", AddressStream.HOT_MMIO, "a trivial device", "24.3");
    access("loadEach", AddressStream.HOT_MMIO, "and a section", "37.4");
    access("load", AddressStream.RAM90MMIO10, "RAM and devices", "");
  }

  private void access(String method, AddressStream stream, String isolates, String qemu) {
    add(method + " " + stream.text(), isolates, trial(method, "q35", stream, 1, false), qemu);
  }

  private void twoReaders() {
    both("q35", AddressStream.HOT_RAM);
    both("q35", AddressStream.SEQ4);
    both("q35", AddressStream.ALT_RAM_MMIO);
    both("q35", AddressStream.RND_RANGES);
    both("q35-256fn", AddressStream.RND_RANGES);
    both("gap-10000", AddressStream.RND_RANGES);
    both("sparse-10000", AddressStream.RND_RANGES);
  }

  private void both(String map, AddressStream stream) {
    two(map, stream, false, " 2T");
    two(map, stream, true, " 2T+W");
  }

  private void two(String map, AddressStream stream, boolean writer, String suffix) {
    subjects.add(new Subject(
        map + " " + stream.text() + suffix,
        writer ? "1,000 commits/s" : "two readers",
        trial("translate", map, stream, 2, writer),
        Optional.of(trial("translate", map, stream, 1, writer)),
        Unit.NANOS,
        new Peer("1.7-3.2x", QEMU)));
  }

  private void baselines() {
    for (String map : List.of("q35", "gap-10000")) {
      for (AddressStream stream : List.of(AddressStream.HOT_RAM, AddressStream.RND_RANGES)) {
        baseline("sortedArray", map, stream, "volatile array");
        baseline("treeMapReadWriteLock", map, stream, "TreeMap, RWLock");
        baseline("treeMapStampedLock", map, stream, "TreeMap, Stamped");
        baseline("skipListMap", map, stream, "SkipListMap");
        baseline("guavaRangeMap", map, stream, "Guava RangeMap");
      }
    }
  }

  private void baseline(String method, String map, AddressStream stream, String isolates) {
    Trial trial = new Trial(LookupBaselines.class, method, 1, Map.of("map", map, "stream", stream.name()));
    subjects.add(new Subject(isolates + " " + map + " " + stream.text(), "the JDK's, Guava's", trial,
        Optional.of(trial("translate", map, stream, 1, false)), Unit.NANOS, Peer.NONE));
  }

  private void publication() {
    for (String method : List.of("onePointer", "sequencePair", "singleRoot")) {
      Trial trial = new Trial(Publication.class, method, 1, Map.of());
      subjects.add(new Subject("publish " + method, "root and storage", trial,
          Optional.of(new Trial(Publication.class, "onePointer", 1, Map.of())), Unit.NANOS, Peer.NONE));
    }
  }

  private void add(String name, String isolates, Trial trial, String qemu) {
    subjects.add(new Subject(name, isolates, trial, Optional.empty(), Unit.NANOS,
        qemu.isEmpty() ? Peer.NONE : new Peer(qemu, QEMU)));
  }

  private static Trial trial(String method, String map, AddressStream stream, int threads, boolean writer) {
    return new Trial(Translate.class, method, threads,
        Map.of("map", map, "stream", stream.name(), "writer", String.valueOf(writer)));
  }
}
