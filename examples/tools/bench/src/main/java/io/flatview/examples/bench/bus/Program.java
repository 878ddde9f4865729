package io.flatview.examples.bench.bus;

import java.util.Random;

/** The program of the interpreter, and its loads and stores. */
public enum Program {

  /** Loads from all of RAM. */
  RAM_LOADS("RAM, random", 10, 16, "16 loads of 17 instructions"),

  /** Stores to all of RAM. */
  RAM_STORES("RAM, random, stores", 10, 16, "16 stores of 17 instructions") {
    @Override
    int[] code() {
      return Programs.repeated(Op.of(Op.STORE_NEXT, 0, 2, 0, 0), 16);
    }
  },

  /** Loads from one register. */
  ONE_DEVICE("a device, always the same", 10, 16, "16 loads of 17 instructions") {
    @Override
    long address(Random random) {
      return Board.device(4) + 8;
    }
  },

  /** Loads from ten devices. */
  TEN_DEVICES("random of 10 devices", 10, 16, "16 loads of 17 instructions") {
    @Override
    long address(Random random) {
      return device(random, 10);
    }
  },

  /** Loads from a thousand devices. */
  THOUSAND_DEVICES("random of 1,000 devices", 1_000, 16, "16 loads of 17 instructions") {
    @Override
    long address(Random random) {
      return device(random, 1_000);
    }
  },

  /** Loads of which one of ten goes to a device. */
  RAM_AND_DEVICES("RAM, one of ten a device", 100, 16, "16 loads of 17 instructions") {
    @Override
    long address(Random random) {
      return random.nextInt(10) == 0 ? device(random, 100) : ram(random);
    }
  },

  /** Instructions that each lie in another page. */
  MISSES("a TLB miss an instruction", 10, 1, "3 loads an instruction") {
    @Override
    int[] code() {
      return new int[] {Op.of(Op.JUMP_PAGE, 0, 0, 0, 0)};
    }
  },

  /** Instructions that touch no memory. */
  HITS("TLB hits", 10, 1, "no loads") {
    @Override
    int[] code() {
      return Programs.mixed();
    }
  },

  /** A load of four instructions. */
  DEVICE_PROGRAM("program, 600 devices", 1_000, 1, "a load of 4 instructions") {
    @Override
    int[] code() {
      return Programs.loading();
    }

    @Override
    long address(Random random) {
      return device(random, 600);
    }
  };

  private final String text;
  final int devices;
  private final int accesses;
  private final String isolates;

  Program(String text, int devices, int accesses, String isolates) {
    this.text = text;
    this.devices = devices;
    this.accesses = accesses;
    this.isolates = isolates;
  }

  /**
   * For tables.
   *
   * @return the name
   */
  public String text() {
    return text;
  }

  /**
   * For tables.
   *
   * @return what the figure is about
   */
  public String isolates() {
    return isolates;
  }

  int[] code() {
    return Programs.repeated(Op.of(Op.LOAD_NEXT, 1, 0, 0, 0), accesses);
  }

  /** Where an access goes: anywhere in RAM, unless the program says otherwise. */
  long address(Random random) {
    return ram(random);
  }

  long[] addresses(int count) {
    Random random = new Random(count);
    return random.longs(count).map(_ -> address(random)).toArray();
  }

  private static long ram(Random random) {
    return Board.RAM + 4L * random.nextInt(Board.RAM_BYTES / 4);
  }

  private static long device(Random random, int count) {
    return Board.device(random.nextInt(count)) + 8L * random.nextInt(Board.PAGE / 8);
  }
}
