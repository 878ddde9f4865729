package io.flatview.iommu.spec;

import java.util.Random;

/** Random commands: mostly well-formed, with a bit or a field that is not now and then. */
final class Commands {

  private Commands() {}

  static long[] random(Random random) {
    long low = switch (random.nextInt(6)) {
      case 0 -> 1 | any(random, 10, 11) | any(random, 12, 32) | any(random, 32, 34) | any(random, 44, 60);
      case 1 -> 1 | 1 << 7 | any(random, 10, 11) | any(random, 12, 32) | any(random, 33, 34) | any(random, 44, 60);
      case 2 -> 2 | any(random, 10, 14) | any(random, 32, 64);
      case 3 -> 3 | any(random, 33, 34) | any(random, 40, 64) >>> random.nextInt(24) & -1L << 40;
      case 4 -> 3 | 1 << 7 | 1L << 33 | any(random, 12, 32) >>> random.nextInt(20) & 0xffff_f000L
          | any(random, 40, 64) >>> random.nextInt(24) & -1L << 40;
      default -> random.nextLong();
    };
    long high = switch ((int) low & 0x7f) {
      case 1 -> any(random, 10, 62);
      case 2 -> (random.nextInt(6) == 0 ? random.nextLong() >>> 2 + random.nextInt(40)
          : Image.RAM + 4L * random.nextInt(1024) + (random.nextInt(4) == 0 ? Image.FAR : 0)) >>> 2 & (1L << 62) - 1;
      case 3 -> 0;
      default -> random.nextLong();
    };
    if (random.nextInt(4) == 0) {
      low ^= 1L << random.nextInt(64);
    }
    if (random.nextInt(10) == 0) {
      high ^= 1L << random.nextInt(64);
    }
    return new long[] {low, high};
  }

  /** Random bits from one to before another. */
  private static long any(Random random, int from, int to) {
    return random.nextLong() >>> 64 - (to - from) << from;
  }
}
