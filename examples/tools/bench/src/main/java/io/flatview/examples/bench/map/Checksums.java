package io.flatview.examples.bench.map;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;

/**
 * The sum that a stream must come to: QEMU's own where there is one, and otherwise that of a plain search through the
 * list of ranges. A stream or a lookup that differs in one address gives another sum.
 */
public final class Checksums {

  private static final Map<String, Long> PUBLISHED = published();
  private static final int FACTOR = 31;
  private static final int HEX = 16;

  private Checksums() {}

  private static Map<String, Long> published() {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(
        Checksums.class.getResourceAsStream("checksums.tsv"), StandardCharsets.US_ASCII))) {
      return lines.lines().filter(line -> !line.startsWith("#")).map(line -> line.split("\t"))
          .collect(Collectors.toMap(cells -> key(cells[0], cells[1]), cells -> Long.parseUnsignedLong(cells[2], HEX)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String key(String map, String stream) {
    return map + " " + stream;
  }

  /**
   * QEMU's sum.
   *
   * @param topology the map
   * @param stream the pattern
   * @return empty where it was not taken
   */
  public static Optional<Long> ofQemu(Topology topology, AddressStream stream) {
    return Optional.ofNullable(PUBLISHED.get(key(topology.name(), stream.text())));
  }

  /**
   * The sum by plain search.
   *
   * @param topology the map
   * @param addresses the stream
   * @return the sum
   */
  public static long bySearch(Topology topology, long[] addresses) {
    FlatRange[] ranges = topology.ranges().toArray(FlatRange[]::new);
    return of(addresses, address -> answer(ranges, address));
  }

  private static long answer(FlatRange[] ranges, long address) {
    int low = 0;
    int high = ranges.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (Long.compareUnsigned(ranges[middle].first(), address) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    FlatRange range = ranges[low];
    return range.covers(address) ? answer(address - range.first() + range.offset(), range.ram()) : address;
  }

  /**
   * The part of the sum that one address adds.
   *
   * @param offset in the region; the address itself where nothing answers
   * @param ram whether RAM or ROM answers
   * @return the summand
   */
  public static long answer(long offset, boolean ram) {
    return offset + (ram ? 1 : 0);
  }

  /**
   * The sum of what a lookup says.
   *
   * @param addresses the stream
   * @param lookup gives the summand of an address
   * @return the sum
   */
  public static long of(long[] addresses, LongUnaryOperator lookup) {
    return Arrays.stream(addresses).reduce(0, (sum, address) -> sum * FACTOR + lookup.applyAsLong(address));
  }
}
