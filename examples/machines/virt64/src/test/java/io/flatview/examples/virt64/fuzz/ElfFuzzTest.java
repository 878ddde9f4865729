package io.flatview.examples.virt64.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.examples.virt64.load.LoadException;
import io.flatview.examples.virt64.load.Program;
import io.flatview.rcu.contract.CpuTime;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * ELF files that were changed at random, of up to 1 MiB: each is read or refused with a {@link LoadException}, within a
 * second of CPU time and 200 MB. For some seconds, and with {@code -Dflatview.long=true} for ten minutes.
 */
class ElfFuzzTest {

  private static final Duration TIME =
      Boolean.getBoolean("flatview.long") ? Duration.ofMinutes(10) : Duration.ofSeconds(2);

  private static final Duration FOR_A_TWIN = Duration.ofMinutes(2);
  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final long MOST_ALLOCATED = 200_000_000;
  private static final int MIB = 1 << 20;
  private static final int SYMBOL = 24;
  private static final int SECTION = 64;
  private static final int SEGMENT = 56;
  private static final int HEADER = 64;
  private static final List<Long> NUMBERS = List.of(
      0L, 1L, -1L, 7L, 24L, 56L, 64L, 0xffL, 0xffffL, 0x7fffL, 0x8000L, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL,
      1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -64L, 1L << 20, (1L << 20) - 1);

  private static final List<byte[]> SEEDS = new ArrayList<>();

  /** What reads a file. */
  private interface Reader {
    Program read(byte[] content);
  }

  @BeforeAll
  static void collectSeeds() throws IOException {
    for (String name : List.of("tohost-fail", "tohost-pass", "own-endless-write", "compute", "atomics")) {
      try (InputStream in = ElfFuzzTest.class.getResourceAsStream("../programs/" + name + ".elf")) {
        SEEDS.add(in.readAllBytes());
      }
    }
    SEEDS.add(symbols(1));
    SEEDS.add(symbols(2000));
    SEEDS.add(segments());
  }

  private static ByteBuffer header() {
    return ByteBuffer.allocate(MIB).order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0, 0x464c_457f).putShort(4, (short) 0x0102).putShort(18, (short) 243)
        .putLong(24, 0x8000_0000L).putLong(32, HEADER).putShort(54, (short) SEGMENT);
  }

  private static void segment(ByteBuffer elf, int at, long offset, long size) {
    elf.putInt(at, 1).putLong(at + 8, offset).putLong(at + 16, 0x8000_0000L).putLong(at + 24, 0x8000_0000L)
        .putLong(at + 32, size).putLong(at + 40, size);
  }

  /** Half of it are symbols, the other half a text without an end; so many sections say so. */
  private static byte[] symbols(int tables) {
    ByteBuffer elf = header().putShort(56, (short) 1);
    segment(elf, HEADER, 0, HEADER);
    int sections = HEADER + SEGMENT;
    int first = sections + SECTION * (tables + 1);
    elf.putLong(40, sections).putShort(58, (short) SECTION).putShort(60, (short) (tables + 1));
    int count = (MIB / 2 - first) / SYMBOL;
    elf.putLong(sections + 24, MIB / 2).putLong(sections + 32, MIB / 2);
    for (int i = 1; i <= tables; i++) {
      int at = sections + SECTION * i;
      elf.putInt(at + 4, 2).putLong(at + 24, first).putLong(at + 32, (long) count * SYMBOL);
    }
    Arrays.fill(elf.array(), MIB / 2, MIB, (byte) 't');
    for (int i = 0; i < count; i++) {
      elf.putInt(first + i * SYMBOL, i);
    }
    return elf.array();
  }

  /** As many segments as there can be, each of which is the whole file. */
  private static byte[] segments() {
    ByteBuffer elf = header().putShort(54, (short) 0).putShort(56, (short) -1);
    segment(elf, HEADER, 0, MIB);
    return elf.array();
  }

  private static byte[] mutated(RandomGenerator random) {
    byte[] seed = SEEDS.get(random.nextInt(SEEDS.size())).clone();
    ByteBuffer elf = ByteBuffer.wrap(seed).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = random.nextInt(6); i >= 0; i--) {
      mutate(elf, random);
    }
    return random.nextInt(10) == 0 ? Arrays.copyOf(seed, 64 + random.nextInt(seed.length - 64)) : seed;
  }

  /** The headers are at the beginning and at the end: there, numbers matter. */
  private static void mutate(ByteBuffer elf, RandomGenerator random) {
    int window = Math.min(elf.capacity() - 8, 512);
    int place = switch (random.nextInt(3)) {
      case 0 -> 20 + random.nextInt(44);
      case 1 -> random.nextInt(window);
      default -> elf.capacity() - 8 - random.nextInt(window);
    };
    long number = random.nextInt(3) == 0 ? random.nextLong() : NUMBERS.get(random.nextInt(NUMBERS.size()));
    switch (random.nextInt(4)) {
      case 0 -> elf.put(place, (byte) number);
      case 1 -> elf.putShort(place & -2, (short) number);
      case 2 -> elf.putInt(place & -4, (int) number);
      default -> elf.putLong(place & -8, number);
    }
  }

  /** @return what was wrong, or an empty text */
  private static String trial(Reader reader, byte[] content) {
    long allocated = Allocated.here();
    long start = CpuTime.here();
    String wrong = "";
    try {
      reader.read(content);
    } catch (LoadException e) {
      assertFalse(e.getMessage().isBlank());
    } catch (Throwable e) {
      wrong = e.toString();
    }
    long took = CpuTime.here() - start;
    long bytes = Allocated.here() - allocated;
    if (took > LONGEST.toNanos()) {
      wrong += " took " + Duration.ofNanos(took);
    }
    return bytes > MOST_ALLOCATED ? wrong + " allocated " + bytes : wrong;
  }

  /** @return what was wrong first, or an empty text */
  private static String fuzz(Reader reader, Duration time) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(18);
    String wrong = "";
    long files = 0;
    for (int i = 0; i < SEEDS.size() && wrong.isEmpty(); i++) {
      wrong = trial(reader, SEEDS.get(i));
    }
    for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end && wrong.isEmpty(); files++) {
      wrong = trial(reader, mutated(random));
    }
    System.out.printf("%,d ELF files: %s%n", files, wrong.isEmpty() ? "all read or refused" : wrong);
    return wrong;
  }

  private static Program read(byte[] content) {
    return Program.of("file", content, 0x8000_0000L);
  }

  @Test
  void everyFileIsReadOrRefusedSoonAndWithLittleMemory() {
    assertEquals("", fuzz(ElfFuzzTest::read, TIME));
  }

  // The fuzzer finds what it is for

  @Test
  void aReaderThatLooksForTheEndOfEveryNameIsFound() {
    String wrong = fuzz(content -> {
      for (int at = 0; at < Math.min(1000, content.length); at++) {
        new String(content, at, content.length - at, StandardCharsets.US_ASCII);
      }
      return null;
    }, FOR_A_TWIN);
    assertTrue(wrong.contains(" allocated "), wrong);
  }

  @Test
  void aReaderThatTrustsAnOffsetIsFound() {
    String wrong = fuzz(content -> {
      ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt((int) ByteBuffer.wrap(content).getLong(32));
      return read(content);
    }, FOR_A_TWIN);
    assertTrue(wrong.contains("IndexOutOfBoundsException"), wrong);
  }
}
