package io.flatview.examples.bench.bus;

import java.util.ArrayList;
import java.util.List;

/** The parts on all buses: 16 MiB of RAM, and devices of a page each. Addresses fit 32 bits. */
final class Board {

  static final long RAM = 0x8000_0000L;
  static final int RAM_BYTES = 16 << 20;
  static final long DEVICES = 0x1000_0000L;
  static final long PITCH = 0x1_0000L;
  static final int PAGE = 0x1000;

  private Board() {}

  /** RAM and devices, in ascending order. */
  static List<Range> ranges(int devices) {
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < devices; i++) {
      long first = device(i);
      ranges.add(new Range(first, first + PAGE - 1, null, new Device(i)));
    }
    ranges.add(new Range(RAM, RAM + RAM_BYTES - 1, new byte[RAM_BYTES], null));
    return ranges;
  }

  static long device(int number) {
    return DEVICES + number * PITCH;
  }
}
