package io.flatview.dispatch.bank;

import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The regions of a random machine: what they are, and nothing of where they are placed. An alias leads to a region of a
 * lower number, and children will have lower numbers than their parents: so nothing leads back to itself.
 */
record Plan(List<Planned> regions) {

  enum Kind {
    RAM, ROM, DEVICE, RESERVED, ALIAS, CONTAINER, BANK
  }

  /** {@code other} is the target of an alias, or the number of a bank's variants. */
  record Planned(Kind kind, Size size, int other, long targetOffset) {}

  /** How many of the first regions are neither containers nor banks. */
  static final int LEAVES = 14;
  private static final int REGIONS = 24;

  static Plan of(Random random) {
    List<Planned> regions = new ArrayList<>();
    while (regions.size() < REGIONS) {
      regions.add(planned(random, regions.size()));
    }
    return new Plan(regions);
  }

  private static Planned planned(Random random, int number) {
    Kind kind = number < LEAVES
        ? Kind.values()[random.nextInt(number == 0 ? 4 : 5)]
        : random.nextInt(3) == 0 ? Kind.CONTAINER : Kind.BANK;
    Size size = Size.bytes(0x100L * (1 + random.nextInt(0x30)) - (random.nextInt(4) == 0 ? 0x30 : 0));
    int other = kind == Kind.BANK ? 1 + random.nextInt(4) : number == 0 ? 0 : random.nextInt(number);
    return new Planned(kind, size, other, random.nextInt(4) * 0x80L);
  }

  int count() {
    return regions.size();
  }

  Kind kind(int number) {
    return regions.get(number).kind();
  }
}
