package io.flatview.examples.cli.demo;

import io.flatview.examples.cli.demo.churn.WriterLoop;
import io.flatview.examples.cli.demo.oracle.Findings;
import io.flatview.examples.cli.demo.oracle.Judge;
import io.flatview.examples.cli.demo.oracle.Ledger;
import io.flatview.examples.cli.demo.place.NoRoomException;
import io.flatview.examples.cli.demo.place.Points;
import io.flatview.examples.cli.demo.place.Windows;
import io.flatview.examples.cli.demo.read.BaseMap;
import io.flatview.examples.cli.demo.read.ReaderLoop;
import io.flatview.examples.cli.demo.read.Tally;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReclaimPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One run: readers read, a writer changes the map under them, and a judge compares.
 *
 * <p>The judge knows nothing of the memory system. It has the writer's own model of what it committed, cell by cell,
 * and for the part of the map that does not change the answers of a walk down the region tree. Memory and devices
 * identify themselves by the words that are read from them, and turn to poison as soon as their grace period is said to
 * be over.
 */
public final class Demo {

  private static final int LEDGER_SIZE = 1024;

  private final DemoSettings settings;
  private final MemorySystem memory;
  private final ReclaimPolicy policy;
  private final Findings findings = new Findings();
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final long ramBefore;
  private final Windows windows;
  private final Crew crew;
  private final Gauge gauge;

  private Demo(DemoSettings settings, MemorySystem memory, List<AddressSpace> spaces, ReclaimPolicy policy) {
    this.settings = settings;
    this.memory = memory;
    this.policy = policy;
    ramBefore = memory.statistics().ramBytes();
    windows = Windows.open(memory, main(spaces));
    crew = crew(BaseMap.of(spaces, windows.containers()));
    gauge = new Gauge(memory, crew, findings);
  }

  /**
   * Runs a demo.
   *
   * @param settings the settings of the run
   * @param memory the machine's memory; as before at the end, if all is well
   * @param spaces the machine's address spaces
   * @param policy the reclamation policy of the memory
   * @return what was found
   * @throws InterruptedException if interrupted before the end
   * @throws NoRoomException if the machine has no room for the demo
   */
  public static DemoReport run(
      DemoSettings settings, MemorySystem memory, List<AddressSpace> spaces, ReclaimPolicy policy)
      throws InterruptedException {
    return run(settings, memory, spaces, policy, Progress.silent());
  }

  static DemoReport run(
      DemoSettings settings,
      MemorySystem memory,
      List<AddressSpace> spaces,
      ReclaimPolicy policy,
      Progress progress)
      throws InterruptedException {
    return new Demo(settings, memory, spaces, policy).run(progress);
  }

  private static AddressSpace main(List<AddressSpace> spaces) {
    return spaces.stream()
        .filter(space -> space.name().equals("memory"))
        .findFirst()
        .orElseGet(() -> largest(spaces));
  }

  private static AddressSpace largest(List<AddressSpace> spaces) {
    return spaces.stream()
        .max(Comparator.comparingInt(space -> space.flatView().sections().size()))
        .orElseThrow(() -> new NoRoomException("the machine has no address space; choose another map"));
  }

  private Crew crew(BaseMap base) {
    Ledger ledger = new Ledger(LEDGER_SIZE, WriterLoop.firstBlocks());
    Points points = windows.points();
    Judge judge = new Judge(ledger, findings, points::describe);
    ReaderLoop.World seen = new ReaderLoop.World(ledger, judge, findings, base, points);
    List<ReaderLoop> readers = new ArrayList<>();
    for (int number = 0; number < settings.readers(); number++) {
      readers.add(new ReaderLoop(memory, seen, number, running::get));
    }
    WriterLoop.World written = new WriterLoop.World(ledger, findings, points);
    return new Crew(readers, new WriterLoop(memory, windows, written, settings.withRam(), running::get));
  }

  private DemoReport run(Progress progress) throws InterruptedException {
    crew.start();
    watch(progress);
    Moment end = gauge.read();
    running.set(false);
    crew.join();
    progress.finish();
    return report(end);
  }

  private void watch(Progress progress) throws InterruptedException {
    long end = settings.duration().toMillis();
    for (long left = end; left > 0 && crew.isAtWork(); left = end - (long) (gauge.seconds() * 1000)) {
      Thread.sleep(Math.min(left, progress.periodMillis()));
      if (left >= progress.periodMillis() / 2) {
        progress.show(gauge.read());
      }
    }
  }

  private DemoReport report(Moment end) throws InterruptedException {
    List<String> losses = new ArrayList<>(crew.writer().losses());
    if (losses.isEmpty()) {
      windows.close();
    }
    Settlement settlement = Settlement.await(memory, policy);
    losses.addAll(settlement.losses(ramBefore));
    losses.addAll(idleness(end));
    return new DemoReport(
        settings,
        policy.name(),
        new DemoReport.ReadSide(
            end.seconds(), crew.sum(Tally::sections), crew.sum(Tally::translations), crew.sum(Tally::accesses)),
        new DemoReport.WriteSide(crew.writer().commits(), crew.writer().takenBack(), crew.writer().edits()),
        new DemoReport.Reclamation(settlement.actions(), settlement.generations(), gauge.mostWaiting()),
        new DemoReport.Held(ramBefore, gauge.ramPeak(), settlement.generations().ramBytes(), gauge.heapPeak()),
        findings.counts(),
        findings.first(),
        List.copyOf(losses));
  }

  private static List<String> idleness(Moment end) {
    return end.sections() > 0 && end.commits() > 0
        ? List.of()
        : List.of("the readers or the writer did nothing at all, so nothing was checked");
  }
}
