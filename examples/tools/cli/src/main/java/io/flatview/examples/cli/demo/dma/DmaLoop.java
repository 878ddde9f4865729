package io.flatview.examples.cli.demo.dma;

import io.flatview.memory.Access;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * A device's thread. In each section it loads through the IOMMU, and at the end of the section loads again from where
 * the first translation led, as a transfer does that takes its time.
 */
final class DmaLoop implements Runnable {

  private static final int LOADS = 8;

  private final MemorySystem system;
  private final DmaMachine machine;
  private final Account account;
  private final Findings findings;
  private final int number;
  private final BooleanSupplier running;
  private final SplittableRandom random;
  private final AtomicLong loads = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private final long[] settled = new long[DmaMachine.PAGES];

  DmaLoop(MemorySystem system, DmaMachine machine, Account account, Findings findings, int number,
      BooleanSupplier running) {
    this.system = system;
    this.machine = machine;
    this.account = account;
    this.findings = findings;
    this.number = number;
    this.running = running;
    this.random = new SplittableRandom(number);
  }

  @Override
  public void run() {
    try (MapReader reader = system.newReader("device " + number)) {
      while (running.getAsBoolean()) {
        section(reader);
        reader.quiescent();
      }
    } catch (RuntimeException e) {
      findings.add("device " + number + " failed: " + e);
    }
  }

  private void section(MapReader reader) {
    for (int page = 0; page < settled.length; page++) {
      settled[page] = account.settled(page);
    }
    try (ReadSection _ = reader.enter()) {
      int kept = random.nextInt(DmaMachine.PAGES);
      long target = target(reader, kept);
      for (int i = 0; i < LOADS; i++) {
        load(reader, random.nextInt(DmaMachine.PAGES));
      }
      if (target != 0) {
        judge(kept, reader.load(machine.memory, target, 8), "a transfer under way");
      }
    }
  }

  private long target(MapReader reader, int page) {
    Translation translation = reader.translate(machine.dma, address(page), 8, Access.READ);
    return translation.isAssigned() ? translation.address() : 0;
  }

  private long address(int page) {
    return DmaMachine.IOVA + (long) page * DmaMachine.FRAME_BYTES + random.nextInt(DmaMachine.FRAME_BYTES / 8) * 8L;
  }

  private void load(MapReader reader, int page) {
    long word = reader.load(machine.dma, address(page), 8);
    if (reader.lastResult().isOk()) {
      judge(page, word, "a load");
    } else {
      refusals.incrementAndGet();
      if (!account.allowsRefusal(page, settled[page])) {
        findings.add("device " + number + ": a load of page " + page + " was refused, which is mapped all the time");
      }
    }
  }

  private void judge(int page, long word, String what) {
    loads.incrementAndGet();
    if (!account.allows(page, settled[page], word)) {
      findings.add("device " + number + ": " + what + " of page " + page + " read " + Long.toHexString(word)
          + (word == Account.POISON ? ", a frame that was taken away" : "") + "; state " + settled[page]
          + " was settled before");
    }
  }

  long loads() {
    return loads.get();
  }

  long refusals() {
    return refusals.get();
  }
}
