package io.flatview.examples.virt64.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What the puppet of {@code own-puppet.S} is ordered to do: accesses to registers and memory with the numbers that
 * break arithmetic, requests to devices that are nearly right, and jumps into random instructions. A seed gives the
 * same orders everywhere.
 */
final class Orders {

  /** Where the puppet looks for its orders. */
  static final long TABLE = 0x8010_0000L;

  private static final int ORDER_BYTES = 24;
  private static final int COUNT = 3000;
  private static final int STORE_4 = 2;
  private static final int STORE_8 = 3;
  private static final int ACCESS_KINDS = 14;
  private static final int JUMP = 14;
  private static final int JUMP_IN_MODE = 15;
  private static final int WAIT = 16;
  private static final int FOUR_STORES = 17;
  private static final int MANY_STORES = 18;
  private static final int FENCES = 19;

  private static final long RTC = 0x10_1000;
  private static final long FINISHER = 0x10_0000;
  private static final long CLINT = 0x200_0000;
  private static final long PORTS = 0x300_0000;
  private static final long IOMMU = 0x301_0000;
  private static final long PLIC = 0xc00_0000;
  private static final long SERIAL = 0x1000_0000;
  private static final long VIRTIO = 0x1000_1000;
  private static final long CONFIGURATION = 0x3000_0000;
  private static final long FUNCTION_BYTES = 0x8000;
  private static final long EDU = 0x4200_0000;
  private static final long RANDOM = 0x4300_0000;
  private static final long SHARED = 0x4_0000_0000L;
  private static final long DATA = 0x8100_0000L;
  private static final long DATA_BYTES = 0x100_0000;
  private static final long CODE = 0x8080_0000L;

  private static final List<Long> PLACES = List.of(
      RTC, CLINT, CLINT + 0x4000, CLINT + 0xbff8, PORTS, IOMMU, PLIC, PLIC + 0x1000, PLIC + 0x2000, PLIC + 0x20_0000,
      SERIAL, VIRTIO, VIRTIO + 0x100, VIRTIO + 0x1000, CONFIGURATION, CONFIGURATION + FUNCTION_BYTES,
      CONFIGURATION + 2 * FUNCTION_BYTES, EDU, EDU + 0x80, EDU + 0x4_0000, RANDOM, SHARED, 0x1000L,
      0x7fff_fff8L, 0x8000_0000L + (64L << 20), -64L);

  private static final List<Long> NUMBERS = List.of(
      0L, 1L, -1L, 2L, 3L, 4L, 16L, 0x40L, 0xffL, 255L, 256L, 512L, 4096L, 0x4_0000L, 0x4_0001L, 0x7fffL, 0xffffL,
      60_000L, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, 1L << 32, 1L << 55, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE,
      -2L, -4096L);

  private final RandomGenerator random;
  private final ByteBuffer table = ByteBuffer.allocate(8 + COUNT * ORDER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final List<Long> morePlaces;

  private Orders(long seed, List<Long> morePlaces) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.morePlaces = morePlaces;
    table.position(8);
  }

  /**
   * The content of the puppet's table.
   *
   * @param seed says which
   * @param morePlaces where to go beside the board's own devices
   */
  static byte[] of(long seed, List<Long> morePlaces) {
    return new Orders(seed, morePlaces).write();
  }

  private byte[] write() {
    placeBars();
    while (table.remaining() > 100 * ORDER_BYTES) {
      some();
    }
    table.putLong(0, (table.position() - 8) / ORDER_BYTES);
    return table.array();
  }

  private void order(int kind, long address, long value) {
    table.putLong(kind).putLong(address).putLong(value);
  }

  private void some() {
    switch (random.nextInt(24)) {
      case 0, 1, 2 -> virtio();
      case 3, 4 -> edu();
      case 5 -> bar();
      case 6 -> alarm();
      case 7 -> code();
      case 8 -> order(WAIT, 0, random.nextInt(256));
      case 9 -> order(FOUR_STORES, place(), number());
      case 10 -> order(MANY_STORES, place(), number());
      case 11 -> order(FENCES, 0, 0);
      case 12 -> finisher();
      case 13 -> iommu();
      default -> order(random.nextInt(ACCESS_KINDS), place(), number());
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private long place() {
    if (!morePlaces.isEmpty() && random.nextInt(8) == 0) {
      return any(morePlaces);
    }
    long base = random.nextInt(12) == 0 ? number() : any(PLACES);
    long offset = random.nextBoolean() ? random.nextInt(48) * 4L : random.nextInt(4096);
    return base + (random.nextInt(4) == 0 ? 0 : offset);
  }

  private long data() {
    return DATA + (random.nextInt((int) DATA_BYTES) & -16L);
  }

  /** Any address, or anything else. */
  private long number() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong();
      case 1 -> data();
      case 2 -> any(PLACES);
      case 3 -> random.nextInt(1 << 16);
      default -> any(NUMBERS);
    };
  }

  /** Nearly always something else, so that runs last. */
  private void finisher() {
    order(STORE_4, FINISHER + (random.nextInt(8) == 0 ? 0 : 4), random.nextInt(16) == 0 ? 0x7777 : random.nextInt());
  }

  private void placeBars() {
    placeBar(1, 0x10, EDU);
    placeBar(2, 0x10, RANDOM);
    placeBar(2, 0x18, SHARED);
  }

  private void placeBar(int device, int register, long address) {
    long function = CONFIGURATION + device * FUNCTION_BYTES;
    order(STORE_4, function + register, address);
    order(STORE_4, function + register + 4, address >>> 32);
    order(STORE_4, function + 4, 7);
  }

  private void bar() {
    if (random.nextBoolean()) {
      placeBars();
      return;
    }
    long function = CONFIGURATION + random.nextInt(4) * FUNCTION_BYTES;
    order(STORE_4, function + 0x10 + 4 * random.nextInt(6), number());
    order(STORE_4, function + 4, random.nextInt(16));
  }

  private void alarm() {
    order(STORE_4, RTC + 12, number());
    order(random.nextBoolean() ? STORE_4 : MANY_STORES, RTC + 8, number());
    order(STORE_4, RTC + 16, random.nextInt(2));
  }

  private void edu() {
    boolean fromDevice = random.nextBoolean();
    long buffer = random.nextInt(3) == 0 ? number() : 0x4_0000 + random.nextInt(4097);
    long memory = random.nextInt(3) == 0 ? place() : data();
    order(STORE_8, EDU + 0x80, fromDevice ? buffer : memory);
    order(STORE_8, EDU + 0x88, fromDevice ? memory : buffer);
    order(STORE_8, EDU + 0x90, random.nextInt(3) == 0 ? number() : random.nextInt(4097));
    order(STORE_8, EDU + 0x98, fromDevice ? 3 + 4 * random.nextInt(2) : 1);
  }

  /** Random registers, the command queue more often than others. */
  private void iommu() {
    order(STORE_8, IOMMU + 0x18, number());
    order(STORE_4, IOMMU + 0x24, number());
    order(STORE_4, IOMMU + 0x48, random.nextInt(4));
    order(STORE_8, IOMMU + 8 * random.nextInt(96), number());
  }

  private void code() {
    long place = CODE + random.nextInt(64) * 64L;
    for (int i = 0; i < 8; i++) {
      order(STORE_8, place + 8L * i, random.nextLong() | (random.nextInt(3) == 0 ? 0 : 0x3_0000_0003L));
    }
    order(FENCES, 0, 0);
    order(random.nextBoolean() ? JUMP : JUMP_IN_MODE, place, random.nextInt(2));
  }

  /** Both ways of placing a queue at once: a transport takes the one that it knows. */
  private void virtio() {
    long rings = data() & -4096L;
    int size = random.nextInt(6) == 0 ? (int) number() : 1 << random.nextInt(9);
    order(STORE_4, VIRTIO + 0x70, random.nextInt(8) == 0 ? number() : 0);
    order(STORE_4, VIRTIO + 0x28, random.nextInt(8) == 0 ? number() : 4096);
    order(STORE_4, VIRTIO + 0x30, random.nextInt(16) == 0 ? number() : 0);
    order(STORE_4, VIRTIO + 0x38, size);
    order(STORE_4, VIRTIO + 0x3c, random.nextInt(8) == 0 ? number() : 4096);
    address(VIRTIO + 0x80, rings);
    address(VIRTIO + 0x90, rings + 0x1000);
    address(VIRTIO + 0xa0, rings + 0x2000);
    order(STORE_4, VIRTIO + 0x70, 15);
    descriptors(rings);
    order(STORE_4, rings + 0x1000, random.nextInt(0x1_0000) | (random.nextInt(4) == 0 ? 60_000L : 1L) << 16);
    order(STORE_4, rings + 0x1004, random.nextInt(4) == 0 ? random.nextInt() : 0);
    order(STORE_4, VIRTIO + 0x44, 1);
    order(STORE_4, VIRTIO + 0x40, rings >>> 12);
    order(STORE_4, VIRTIO + 0x50, 0);
    order(WAIT, 0, 200);
  }

  private void address(long register, long address) {
    order(STORE_4, register, random.nextInt(20) == 0 ? number() : address);
    order(STORE_4, register + 4, random.nextInt(20) == 0 ? number() : 0);
  }

  private void descriptors(long rings) {
    long header = data();
    order(STORE_4, header, random.nextInt(3) == 0 ? random.nextInt(12) : any(List.of(0, 1, 4, 8)));
    order(STORE_8, header + 8, random.nextInt(3) == 0 ? number() : random.nextInt(2048));
    int length = 1 + random.nextInt(3);
    descriptor(rings, 0, header, 16, 1, 1);
    for (int i = 1; i <= length; i++) {
      long bytes = random.nextInt(3) == 0 ? number() : 512L * random.nextInt(200);
      int flags = random.nextInt(5) == 0 ? random.nextInt(8) : 3;
      descriptor(rings, i, random.nextInt(4) == 0 ? place() : data(), bytes, flags, i + 1);
    }
    descriptor(rings, length + 1, data(), 1, random.nextInt(5) == 0 ? random.nextInt(8) : 2, random.nextInt(4));
  }

  private void descriptor(long rings, int index, long address, long bytes, int flags, int next) {
    int following = random.nextInt(12) == 0 ? random.nextInt(1 << 16) : next;
    order(STORE_8, rings + 16L * index, address);
    order(STORE_8, rings + 16L * index + 8, bytes & 0xffff_ffffL | (long) flags << 32 | (long) following << 48);
  }
}
