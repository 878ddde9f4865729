package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Explanation;
import io.flatview.memory.Explanation.Candidate;
import io.flatview.memory.Explanation.Verdict;
import io.flatview.memory.FlatView;
import io.flatview.memory.MapReader;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Compares one address space with its painted view, at every boundary, beside it, and at random addresses. */
final class ViewChecks {

  private static final long[] LENGTHS = {1, 2, 3, 4, 8, 0x100, 0x1001, Long.MAX_VALUE, Long.MIN_VALUE, -1};

  private final RealMap real;
  private final Random random = new Random(0);

  ViewChecks(RealMap real) {
    this.real = real;
  }

  private static String lines(List<ModelSection> sections) {
    StringBuilder lines = new StringBuilder("\n");
    sections.forEach(section -> lines.append(section).append('\n'));
    return lines.toString();
  }

  void sections(int space, List<ModelSection> painted) {
    List<ModelSection> rendered = real.sections(real.space(space).flatView());
    if (!painted.equals(rendered)) {
      assertEquals(lines(painted), lines(rendered), "the sections of s" + space);
    }
  }

  /** Addresses where an error would show. They depend on the view alone, so that steps before it can be dropped. */
  private Set<Long> probes(List<ModelSection> painted) {
    random.setSeed(painted.hashCode());
    Set<Long> probes = new TreeSet<>(List.of(0L, -1L, random.nextLong()));
    for (ModelSection section : painted) {
      probes.addAll(List.of(section.first() - 1, section.first(), section.first() + 1));
      probes.addAll(List.of(section.last() - 1, section.last(), section.last() + 1));
      probes.add(section.first() + (long) (random.nextDouble() * (section.last() - section.first())));
    }
    return probes;
  }

  void finds(int space, List<ModelSection> painted) {
    FlatView view = real.space(space).flatView();
    for (long address : probes(painted)) {
      ModelSection found = view.find(address).map(real::section).orElse(null);
      assertSection(ModelSection.at(painted, address), found, "find in s", space, address);
    }
  }

  private static void assertSection(ModelSection expected, ModelSection actual, String what, int space, long address) {
    if (expected == null ? actual != null : !expected.equals(actual)) {
      assertEquals(expected, actual, what + space + " at " + AddressRange.hex(address));
    }
  }

  void translates(MapReader reader, int space, List<ModelSection> painted) {
    AddressSpace target = real.space(space);
    try (ReadSection _ = reader.enter()) {
      for (long address : probes(painted)) {
        long length = LENGTHS[random.nextInt(LENGTHS.length)];
        Access access = random.nextBoolean() ? Access.READ : Access.WRITE;
        Translation found = reader.translate(target, address, length, access);
        ModelSection expected = ModelSection.at(painted, address);
        if (expected == null) {
          assertUnassigned(found, space, address, inHole(painted, address, length));
        } else {
          assertSection(expected, real.section(found.section()), "translate in s", space, address);
          assertTranslation(found, expected, address);
          assertLength(length, expected, found);
        }
      }
    }
  }

  private static void assertUnassigned(Translation found, int space, long address, long length) {
    assertFalse(found.isAssigned(),
        () -> "s" + space + " at " + AddressRange.hex(address) + " leads to " + found.section());
    assertEquals("unassigned", found.section().region().name());
    assertEquals(length, found.length(), "a hole ends with the address space or before the next section");
  }

  private static long inHole(List<ModelSection> painted, long address, long length) {
    long last = -1;
    for (ModelSection section : painted) {
      boolean nearer = Long.compareUnsigned(section.first(), address) > 0
          && Long.compareUnsigned(section.first() - 1, last) < 0;
      last = nearer ? section.first() - 1 : last;
    }
    return Long.compareUnsigned(length - 1, last - address) > 0 ? last - address + 1 : length;
  }

  private static void assertTranslation(Translation found, ModelSection expected, long address) {
    assertTrue(found.isAssigned());
    assertEquals(Translation.Fault.NONE, found.fault());
    assertEquals(address, found.address());
    assertEquals(expected.offsetOf(address), found.offset(), () -> "the offset at " + AddressRange.hex(address));
  }

  private static void assertLength(long wanted, ModelSection expected, Translation found) {
    long toEnd = expected.last() - found.address();
    boolean fits = Long.compareUnsigned(wanted - 1, toEnd) <= 0;
    assertEquals(fits ? wanted : toEnd + 1, found.length(),
        () -> "the length of " + wanted + " at " + AddressRange.hex(found.address()));
  }

  /** A few addresses: an explanation is for people, and slow. */
  void explains(int space, Painter painter, int root, List<ModelSection> painted) {
    List<Long> probes = List.copyOf(probes(painted));
    for (int i = 0; i < 4; i++) {
      explain(space, painter, root, painted, probes.get(random.nextInt(probes.size())));
    }
  }

  private void explain(int space, Painter painter, int root, List<ModelSection> painted, long address) {
    Explanation explanation = real.space(space).explain(address);
    ModelSection expected = ModelSection.at(painted, address);
    ModelSection answer = explanation.answer().map(real::section).orElse(null);
    assertSection(expected, answer, "explain in s", space, address);
    List<Candidate> answering =
        explanation.candidates().stream().filter(candidate -> candidate.verdict() == Verdict.ANSWERS).toList();
    assertEquals(expected == null ? 0 : 1, answering.size(), () -> "who answers at " + AddressRange.hex(address));
    if (expected != null) {
      Candidate candidate = answering.getFirst();
      assertEquals(expected.region(), real.number(candidate.region()), "the region that answers");
      assertEquals(expected.offsetOf(address), candidate.offset(), "where it answers");
      Answer asked = painter.ask(root, unsigned(address));
      assertEquals(asked.path(), candidate.path().stream().map(real::number).toList(), "the way to it");
    }
  }

  private static BigInteger unsigned(long address) {
    return new BigInteger(Long.toUnsignedString(address));
  }

  /** A closed address space shows nothing to readers, and its view cannot be had. */
  void closed(MapReader reader, int space) {
    AddressSpace closed = real.space(space);
    assertThrows(IllegalStateException.class, closed::flatView);
    try (ReadSection _ = reader.enter()) {
      for (long address : new long[] {0, random.nextInt(4096), random.nextLong(), -1}) {
        Translation found = reader.translate(closed, address, 1, Access.READ);
        assertFalse(found.isAssigned(), () -> "closed s" + space + " leads to " + found.section());
      }
    }
  }
}
