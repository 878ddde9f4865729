package io.flatview.memory;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * For a section of a {@linkplain MemoryRegion.Bank bank}, the sections that show there under each selection: in
 * ascending address order, cut to the bank's section, including regions below the bank that show through holes of a
 * variant. Some may be sections of other banks.
 *
 * @param none the sections that show if the bank selects nothing
 * @param variants the sections that show, by the number of the selected variant; empty for a section of a region that
 *     is no bank
 */
public record BankedSections(List<MemoryRegionSection> none, List<List<MemoryRegionSection>> variants) {

  /** The value for sections of regions that are no banks. */
  public static final BankedSections NOTHING = new BankedSections(List.of(), List.of());

  /**
   * Copies the lists.
   *
   * @throws NullPointerException if anything is null
   */
  public BankedSections {
    none = List.copyOf(none);
    variants = copied(variants);
  }

  private static List<List<MemoryRegionSection>> copied(List<List<MemoryRegionSection>> variants) {
    return variants.isEmpty() ? List.of() : variants.stream().map(List::copyOf).toList();
  }

  /**
   * The sections that show under a selection.
   *
   * @param selected the number of a variant, or {@link MemoryRegion.Bank#NONE}
   * @return in ascending address order
   * @throws IndexOutOfBoundsException if there is no such variant
   */
  public List<MemoryRegionSection> of(int selected) {
    return selected == MemoryRegion.Bank.NONE
        ? none : variants.get(Objects.checkIndex(selected, variants.size()));
  }

  /** The sections that show under any selection, without the banks themselves. */
  Stream<MemoryRegionSection> possible() {
    return Stream.concat(Stream.of(none), variants.stream()).flatMap(List::stream)
        .flatMap(MemoryRegionSection::possible);
  }

  /** Replaces each section of a bank by the sections of its present selection; each bank is read once. */
  static List<MemoryRegionSection> shown(List<MemoryRegionSection> sections) {
    List<MemoryRegionSection> shown = new ArrayList<>(sections.size());
    add(sections, new IdentityHashMap<>(), shown);
    return shown;
  }

  private static void add(
      List<MemoryRegionSection> sections, Map<MemoryRegion, Integer> selected, List<MemoryRegionSection> shown) {
    for (MemoryRegionSection section : sections) {
      if (section.region() instanceof MemoryRegion.Bank bank) {
        int number = selected.computeIfAbsent(bank, _ -> bank.selected());
        add(section.attributes().banked().of(number), selected, shown);
      } else {
        shown.add(section);
      }
    }
  }
}
