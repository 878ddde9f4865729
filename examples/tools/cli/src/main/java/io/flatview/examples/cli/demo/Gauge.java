package io.flatview.examples.cli.demo;

import io.flatview.examples.cli.demo.oracle.Findings;
import io.flatview.examples.cli.demo.read.Tally;
import io.flatview.memory.MemorySystem;

/** Reads off where a demo stands, and remembers the largest figures. Used by the thread that watches. */
final class Gauge {

  private final MemorySystem memory;
  private final Crew crew;
  private final Findings findings;
  private final long start = System.nanoTime();
  private long mostWaiting;
  private long ramPeak;
  private long heapPeak;

  Gauge(MemorySystem memory, Crew crew, Findings findings) {
    this.memory = memory;
    this.crew = crew;
    this.findings = findings;
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  Moment read() {
    Moment now = new Moment(
        seconds(),
        crew.sum(Tally::sections),
        crew.sum(Tally::translations),
        crew.sum(Tally::accesses),
        crew.writer().commits(),
        crew.writer().waiting(),
        findings.total(),
        memory.statistics().ramBytes(),
        heap());
    remember(now);
    return now;
  }

  private static long heap() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private void remember(Moment now) {
    mostWaiting = Math.max(mostWaiting, now.waiting());
    ramPeak = Math.max(ramPeak, now.ramBytes());
    heapPeak = Math.max(heapPeak, now.heapBytes());
  }

  long mostWaiting() {
    return mostWaiting;
  }

  long ramPeak() {
    return ramPeak;
  }

  long heapPeak() {
    return heapPeak;
  }
}
