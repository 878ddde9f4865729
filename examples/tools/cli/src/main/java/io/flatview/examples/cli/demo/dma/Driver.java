package io.flatview.examples.cli.demo.dma;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The guest's driver: maps and unmaps pages of the device, invalidates, and takes a frame back once a fence has ended,
 * since no access is under way then. It uses memory and registers and nothing else.
 */
final class Driver {

  private static final int BATCH = 16;

  private final DmaMachine machine;
  private final Account account;
  private final Findings findings;
  private final boolean fences;
  private final SplittableRandom random = new SplittableRandom(7);
  private final Deque<Integer> free = new ArrayDeque<>();
  private final int[] frames = new int[DmaMachine.PAGES];
  private final long[] states = new long[DmaMachine.PAGES];
  private long changes;
  private long faults;
  private int fencesDone;

  Driver(DmaMachine machine, Account account, Findings findings, boolean fences) {
    this.machine = machine;
    this.account = account;
    this.findings = findings;
    this.fences = fences;
    for (int frame = 0; frame < DmaMachine.FRAMES; frame++) {
      machine.fill(frame, Account.POISON);
      free.add(frame);
    }
    for (int page = 0; page < DmaMachine.PAGES; page++) {
      lead(page, 0);
    }
  }

  void run(BooleanSupplier running) {
    while (running.getAsBoolean()) {
      List<Integer> taken = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        change(random.nextInt(DmaMachine.PAGES), taken);
      }
      if (!fences || fence()) {
        taken.forEach(this::takeBack);
      } else {
        return;
      }
      faults += machine.takeFaults();
    }
  }

  /** Maps what is unmapped; unmaps the rest, or gives it another frame at once. */
  private void change(int page, List<Integer> taken) {
    boolean wasMapped = Account.isMapped(states[page]);
    if (wasMapped) {
      taken.add(frames[page]);
    }
    lead(page, states[page] + (wasMapped && random.nextBoolean() ? 2 : 1));
    changes++;
  }

  private void lead(int page, long state) {
    account.begin(page, state);
    if (Account.isMapped(state)) {
      frames[page] = free.remove();
      machine.fill(frames[page], Account.stamp(page, state));
      machine.map(page, frames[page]);
    } else {
      machine.unmap(page);
    }
    machine.invalidate(page);
    states[page] = state;
    account.settle(page, state);
  }

  private void takeBack(int frame) {
    machine.fill(frame, Account.POISON);
    free.add(frame);
  }

  private boolean fence() {
    int number = fencesDone + 1;
    machine.fence(number);
    long start = System.nanoTime();
    while (!machine.isFenced(number)) {
      if (System.nanoTime() - start > DmaMachine.PATIENCE_NANOS) {
        findings.add("the fence did not end within half a minute");
        return false;
      }
      Thread.yield();
    }
    fencesDone = number;
    return true;
  }

  long changes() {
    return changes;
  }

  long fences() {
    return fencesDone;
  }

  long faults() {
    return faults;
  }
}
