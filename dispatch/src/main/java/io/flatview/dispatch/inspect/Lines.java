package io.flatview.dispatch.inspect;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MtreeOption;
import io.flatview.memory.PrintableText;
import io.flatview.memory.RegionLabels;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the parts of lines of {@code info mtree}.
 *
 * @param labels the labels that the embedder adds to regions
 * @param options the additions to print
 */
record Lines(RegionLabels labels, Set<MtreeOption> options) {

  static final String INDENT = "  ";

  private static final String DISABLED = " [disabled]";
  private static final String ORPHAN = " orphan";

  /** The text for the selection of a bank. */
  static String selection(int number) {
    return number == MemoryRegion.Bank.NONE ? "none" : "variant " + number;
  }

  /** The line of a region in a tree; {@code shows} is false for a region that is disabled or not selected. */
  String region(MemoryRegion region, long first, boolean shows) {
    return head(range(first, length(region)), region.priority(), labels.typeLabel(region)) + body(region)
        + (shows ? "" : DISABLED) + owner(region);
  }

  /** A section of a flat view. */
  String section(MemoryRegionSection section) {
    return range(section) + owner(section.region());
  }

  /** A section without its owner. */
  String range(MemoryRegionSection section) {
    long offset = section.offsetInRegion();
    return head(section.range().toString(), priority(section.region()), labels.typeLabel(section))
        + name(section.region()) + (offset == 0 ? "" : " @" + AddressRange.hex(offset));
  }

  /** The priority of a region; QEMU shows 0 for a region without a parent. */
  static int priority(MemoryRegion region) {
    return region.parent().isPresent() ? region.priority() : 0;
  }

  private static String head(String range, int priority, String type) {
    return range + " (prio " + priority + ", " + type + "): ";
  }

  private static String body(MemoryRegion region) {
    return region instanceof MemoryRegion.Alias alias
        ? "alias " + name(alias) + " @" + name(alias.target()) + " " + range(alias.targetOffset(), length(alias))
        : name(region);
  }

  /** The name of a region, safe for a terminal. */
  static String name(MemoryRegion region) {
    return PrintableText.of(region.name());
  }

  /** Whether a byte of sparse memory is populated; empty for all else. */
  static Optional<Boolean> isPopulated(MemoryRegionSection section, long address) {
    return section.region() instanceof MemoryRegion.Ram ram
        ? ram.discardManager().map(manager -> manager.isPopulated(section.offsetOf(address), 1))
        : Optional.empty();
  }

  private String owner(MemoryRegion region) {
    return options.contains(MtreeOption.OWNER)
        ? labels.owner(region).map(owner -> " " + PrintableText.of(owner)).orElse(ORPHAN)
        : "";
  }

  /** A range that may wrap at 2^64, which an {@link AddressRange} does not. */
  private static String range(long first, long length) {
    return AddressRange.hex(first) + "-" + AddressRange.hex(first + length);
  }

  /** The size less 1; an empty region prints like a region of one byte. */
  static long length(MemoryRegion region) {
    return region.size().isEmpty() ? 0 : region.size().last();
  }
}
