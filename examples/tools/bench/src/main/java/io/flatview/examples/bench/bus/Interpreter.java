package io.flatview.examples.bench.bus;

import java.util.Arrays;

/**
 * A small machine: registers, a translation cache of 64 pages that a walk of two levels fills, and instructions that
 * are decoded in a switch. It knows memory by its bus only. Instructions of pages that the cache holds come from an
 * array, as emulators keep them decoded.
 */
final class Interpreter {

  /** After so many instructions the machine would look for interrupts. */
  static final int BATCH = 64;

  private static final int ENTRIES = 64;
  private static final int LEVEL_BITS = 9;
  private static final int LEVEL_MASK = (1 << LEVEL_BITS) - 1;

  private final Bus bus;
  private final long root;
  private final long[] tags = new long[ENTRIES];
  private final long[] x = new long[16];
  private final Runnable batch = this::batch;
  private int[] program = {};
  private long[] stream = {0};
  private int next;
  private long page;
  private int index;

  /** {@code root}: where the tables of pages are. */
  Interpreter(Bus bus, long root) {
    this.bus = bus;
    this.root = root;
  }

  /** Runs so many instructions of a program, which repeats, and gives the sum that it leaves. */
  long run(int[] program, long[] addresses, int instructions) {
    Arrays.fill(tags, -1);
    this.program = program;
    stream = addresses;
    next = 0;
    page = 0;
    index = 0;
    Arrays.fill(x, 0);
    for (int i = 0; i < instructions; i += BATCH) {
      bus.batch(batch);
    }
    return x[1];
  }

  private void batch() {
    for (int i = 0; i < BATCH; i++) {
      step(fetch());
    }
  }

  private int fetch() {
    if (tags[(int) page & ENTRIES - 1] != page) {
      walk();
    }
    return program[index++];
  }

  /** Two tables, and a look at the page that they lead to. */
  private void walk() {
    long table = bus.load(root + 8 * (page >>> LEVEL_BITS), 8);
    long found = bus.load(table + 8 * (page & LEVEL_MASK), 8);
    x[1] += bus.load(found, 4);
    tags[(int) page & ENTRIES - 1] = page;
  }

  private void step(int instruction) {
    int to = instruction >>> 4 & 15;
    int left = instruction >>> 8 & 15;
    int right = instruction >>> 12 & 15;
    switch (instruction & 15) {
      case Op.ADD -> x[to] = x[left] + x[right];
      case Op.XOR -> x[to] = x[left] ^ x[right];
      case Op.SHIFT -> x[to] = x[left] << right;
      case Op.ADD_NUMBER -> x[to] = x[left] + (instruction >> 16);
      case Op.LOAD_NEXT -> x[to] += bus.load(stream[next++ & stream.length - 1], 4);
      case Op.STORE_NEXT -> bus.store(stream[next++ & stream.length - 1], 4, x[left]);
      case Op.LOAD_LONG -> x[to] = bus.load(x[left], 8);
      case Op.BRANCH -> index = instruction >> 16;
      case Op.JUMP_PAGE -> {
        page = page + 65 & 1023;
        index = 0;
      }
      default -> throw new IllegalStateException("instruction " + instruction);
    }
  }
}
