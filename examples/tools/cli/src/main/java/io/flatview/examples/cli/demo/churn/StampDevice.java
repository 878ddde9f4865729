package io.flatview.examples.cli.demo.churn;

import io.flatview.examples.cli.demo.oracle.Finding;
import io.flatview.examples.cli.demo.oracle.FindingKind;
import io.flatview.examples.cli.demo.oracle.Findings;
import io.flatview.examples.cli.demo.oracle.Stamp;
import io.flatview.examples.cli.demo.place.Windows;
import io.flatview.memory.MmioHandler;

/** A device that reads as its own serial number, until its grace period is over: then it reads as poison. */
final class StampDevice implements MmioHandler {

  private final long serial;
  private final Findings findings;
  private volatile boolean dead;

  StampDevice(long serial, Findings findings) {
    this.serial = serial;
    this.findings = findings;
  }

  long serial() {
    return serial;
  }

  void die() {
    dead = true;
  }

  @Override
  public long read(long offset, int size) {
    return dead ? Stamp.POISON : Stamp.of(serial, offset / Windows.CELL_BYTES);
  }

  @Override
  public void write(long offset, int size, long value) {
    if (dead) {
      findings.add(FindingKind.LATE_CALL, this::lateCall);
    }
  }

  private Finding lateCall() {
    return new Finding(FindingKind.LATE_CALL, Thread.currentThread().getName(), "a write to dead device #" + serial);
  }
}
