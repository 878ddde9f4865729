package io.flatview.dispatch;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.RamDiscardListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A discard listener that notes how it is called, after a step of the test's own. */
final class Mapper implements RamDiscardListener {

  private final String name;
  private final List<String> told;
  Consumer<MemoryRegionSection> onPopulate = _ -> { };
  Consumer<MemoryRegionSection> onDiscard = _ -> { };

  Mapper() {
    this("", new ArrayList<>());
  }

  /** One of several that share their notes. */
  Mapper(String name, List<String> told) {
    this.name = name;
    this.told = told;
  }

  /** What was called since the last time: {@code +} or {@code -}, the offsets in the memory. */
  List<String> told() {
    List<String> now = List.copyOf(told);
    told.clear();
    return now;
  }

  static String offsets(MemoryRegionSection section) {
    AddressRange offsets =
        new AddressRange(section.offsetInRegion(), section.offsetOf(section.range().last()));
    return Long.toHexString(offsets.first()) + "-" + Long.toHexString(offsets.last());
  }

  @Override
  public void populate(MemoryRegionSection section) {
    onPopulate.accept(section);
    told.add(name + "+" + offsets(section));
  }

  @Override
  public void discard(MemoryRegionSection section) {
    told.add(name + "-" + offsets(section));
    onDiscard.accept(section);
  }
}
