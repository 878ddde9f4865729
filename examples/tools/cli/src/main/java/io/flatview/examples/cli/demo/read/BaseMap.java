package io.flatview.examples.cli.demo.read;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.Translation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The part of the machine's map that does not change: addresses in all its spaces and the regions that must answer
 * there, as a walk down the region tree found before the changes began.
 */
public final class BaseMap {

  private static final int MAX_PROBES = 4096;
  private static final int LENGTH = 4;

  private final List<Probe> probes;

  private BaseMap(List<Probe> probes) {
    this.probes = probes;
  }

  /**
   * Takes down the map.
   *
   * @param spaces all address spaces of the machine
   * @param changing regions whose content will change
   * @return the map
   */
  public static BaseMap of(List<AddressSpace> spaces, Set<? extends MemoryRegion> changing) {
    TreeWalk walk = new TreeWalk(changing);
    List<Probe> probes = new ArrayList<>();
    for (AddressSpace space : spaces) {
      candidates(space).distinct().forEach(
          address -> walk.ask(space, address).ifPresent(answer -> probes.add(new Probe(space, address, answer))));
    }
    Collections.shuffle(probes, new Random(1));
    return new BaseMap(List.copyOf(probes.subList(0, Math.min(MAX_PROBES, probes.size()))));
  }

  // The view only suggests interesting addresses; the tree decides which region must answer there.
  private static LongStream candidates(AddressSpace space) {
    return LongStream.concat(
        LongStream.of(0, -1), space.flatView().sections().stream().flatMapToLong(BaseMap::aroundAndInside));
  }

  private static LongStream aroundAndInside(MemoryRegionSection section) {
    AddressRange range = section.range();
    long middle = range.first() + (range.last() - range.first() >>> 1);
    return LongStream.of(range.first() - 1, range.first(), middle, range.last(), range.last() + 1);
  }

  /**
   * How many addresses are known.
   *
   * @return the number
   */
  public int size() {
    return probes.size();
  }

  /**
   * Translates an address and compares.
   *
   * @param reader the reader that translates, inside a section
   * @param index the number of the address, from 0
   * @return whether the right region answers, at the right offset
   */
  boolean holds(MapReader reader, int index) {
    Probe probe = probes.get(index);
    Translation found = reader.translate(probe.space, probe.address, LENGTH, Access.READ);
    MemoryRegion expected = probe.answer.region();
    return expected == null
        ? !found.isAssigned()
        : found.section().region() == expected && found.offset() == probe.answer.offset();
  }

  /**
   * An address as messages show it.
   *
   * @param index the number of the address, from 0
   * @return the place and the region that must answer
   */
  String describe(int index) {
    Probe probe = probes.get(index);
    String who = probe.answer.region() == null ? "nothing" : probe.answer.region().name();
    return probe.space.name() + " " + AddressRange.hex(probe.address) + ": expected " + who;
  }

  private record Probe(AddressSpace space, long address, TreeWalk.Answer answer) {}
}
