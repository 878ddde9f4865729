package io.flatview.examples.bench.map;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A map to measure with: a machine as QEMU dumped it, or RAM and so many devices in a pattern.
 *
 * @param name such as {@code q35} or {@code gap-10000}
 * @param ranges in ascending order
 */
public record Topology(String name, List<FlatRange> ranges) {

  private static final long RAM_BYTES = 0x4000_0000L;
  private static final long DEVICES = 1L << 40;
  private static final long DEVICE_BYTES = 0x1000;
  private static final long RANDOM_SEED = 0xC0FFEE;
  private static final long RANDOM_PAGES = (1L << 28) - 1;
  private static final int PAGE_BITS = 12;
  private static final int HEX = 16;

  /** Sorts. */
  public Topology {
    ranges = ranges.stream().sorted(Comparator.comparing(FlatRange::first, Long::compareUnsigned)).toList();
  }

  /**
   * Finds a map by its name.
   *
   * @param name a machine ({@code q35}, {@code q35-256fn}) or a layout ({@code dense}, {@code gap}, {@code sparse},
   *     {@code random}) and a number of devices, as in {@code gap-10000}
   * @return the map
   */
  public static Topology named(String name) {
    return switch (name) {
      case "q35", "q35-256fn" -> new Topology(name, dumped(name));
      default -> pattern(name, name.substring(0, name.indexOf('-')), Integer.parseInt(name.substring(
          name.indexOf('-') + 1)));
    };
  }

  private static List<FlatRange> dumped(String name) {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(
        Topology.class.getResourceAsStream(name + ".tsv"), StandardCharsets.US_ASCII))) {
      return lines.lines().filter(line -> !line.startsWith("#")).map(Topology::parsed).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FlatRange parsed(String line) {
    String[] cells = line.split("\t");
    return new FlatRange(hex(cells[0]), hex(cells[1]), hex(cells[3]), !cells[4].equals("io"), cells[5]);
  }

  private static long hex(String digits) {
    return Long.parseUnsignedLong(digits, HEX);
  }

  private static Topology pattern(String name, String layout, int devices) {
    List<FlatRange> ranges = new ArrayList<>();
    ranges.add(new FlatRange(0, RAM_BYTES - 1, 0, true, "ram"));
    long[] places = places(layout, devices);
    for (int i = 0; i < devices; i++) {
      ranges.add(new FlatRange(places[i], places[i] + DEVICE_BYTES - 1, 0, false, "device" + i));
    }
    return new Topology(name, ranges);
  }

  /** Where each device stands, in the order in which they are made. */
  static long[] places(String layout, int devices) {
    return switch (layout) {
      case "dense" -> stepped(devices, 0x1000);
      case "gap" -> stepped(devices, 0x2000);
      case "sparse" -> stepped(devices, 0x20_0000);
      case "random" -> random(devices);
      default -> throw new IllegalArgumentException("no layout '" + layout + "': dense, gap, sparse, random");
    };
  }

  private static long[] stepped(int devices, long step) {
    long[] places = new long[devices];
    for (int i = 0; i < devices; i++) {
      places[i] = DEVICES + i * step;
    }
    return places;
  }

  private static long[] random(int devices) {
    SplitMix64 random = new SplitMix64(RANDOM_SEED);
    Set<Long> seen = new TreeSet<>();
    long[] places = new long[devices];
    for (int i = 0; i < devices; i++) {
      do {
        places[i] = DEVICES + ((random.next() & RANDOM_PAGES) << PAGE_BITS);
      } while (!seen.add(places[i]));
    }
    return places;
  }
}
