package io.flatview.dispatch;

import io.flatview.dispatch.doorbell.DeviceGate;
import io.flatview.dispatch.topology.MmioNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.FlatView;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What listeners are told of doorbells and coalesced ranges in one commit. What shows is looked up in the whole view,
 * before and after, and only if a listener of the space asks for it.
 */
final class GateNews {

  /** A call that listeners get, in that order, and what takes it back. */
  record Step(
      MapChange change, List<ListenerEntry> listeners, Consumer<MemoryListener> call,
      Consumer<MemoryListener> inverse) {}

  /** A doorbell where it shows. */
  private record Bell(MemoryRegion.Mmio device, long address, Doorbell doorbell) {}

  /** A part of a coalesced range where it shows. */
  private record Waiting(MemoryRegion.Mmio device, AddressRange addresses) {}

  private final List<Step> before = new ArrayList<>();
  private final List<Step> after = new ArrayList<>();

  /** What comes before sections go away. */
  List<Step> before() {
    return before;
  }

  /** What comes after sections have appeared. */
  List<Step> after() {
    return after;
  }

  /** Adds what changes in one address space, if these listeners of it want to know. */
  void add(MapChange change, List<ListenerEntry> listeners, Function<MmioNode, DeviceGate.Rules> rules) {
    List<ListenerEntry> asking = listeners.stream().filter(ListenerEntry::doorbells).toList();
    if (!asking.isEmpty()) {
      coalesced(change, asking, waiting(change.before(), GateNews::inForce), waiting(change.after(), rules));
      doorbells(change, asking, bells(change.before(), GateNews::inForce), bells(change.after(), rules));
    }
  }

  static DeviceGate.Rules inForce(MmioNode node) {
    return node.gate().rules();
  }

  private void coalesced(MapChange change, List<ListenerEntry> asking, Set<Waiting> old, Set<Waiting> now) {
    old.stream().filter(part -> !now.contains(part)).forEach(part -> before.add(new Step(change, asking.reversed(),
        listener -> listener.coalescedDel(part.device(), part.addresses()),
        listener -> listener.coalescedAdd(part.device(), part.addresses()))));
    now.stream().filter(part -> !old.contains(part)).forEach(part -> after.add(new Step(change, asking,
        listener -> listener.coalescedAdd(part.device(), part.addresses()),
        listener -> listener.coalescedDel(part.device(), part.addresses()))));
  }

  private void doorbells(MapChange change, List<ListenerEntry> asking, Set<Bell> old, Set<Bell> now) {
    old.stream().filter(bell -> !now.contains(bell)).forEach(bell -> after.add(new Step(change, asking.reversed(),
        listener -> listener.doorbellDel(bell.device(), bell.address(), bell.doorbell()),
        listener -> listener.doorbellAdd(bell.device(), bell.address(), bell.doorbell()))));
    now.stream().filter(bell -> !old.contains(bell)).forEach(bell -> after.add(new Step(change, asking,
        listener -> listener.doorbellAdd(bell.device(), bell.address(), bell.doorbell()),
        listener -> listener.doorbellDel(bell.device(), bell.address(), bell.doorbell()))));
  }

  private static Set<Waiting> waiting(FlatView view, Function<MmioNode, DeviceGate.Rules> rules) {
    Set<Waiting> found = new LinkedHashSet<>();
    eachDevice(view, (section, node) -> rules.apply(node).coalesced().forEach(range ->
        offsets(section).intersect(range).ifPresent(part -> found.add(new Waiting(node,
            new AddressRange(addressOf(section, part.first()), addressOf(section, part.last())))))));
    return found;
  }

  private static Set<Bell> bells(FlatView view, Function<MmioNode, DeviceGate.Rules> rules) {
    Set<Bell> found = new LinkedHashSet<>();
    eachDevice(view, (section, node) -> rules.apply(node).doorbells().all().stream()
        .filter(bell -> shows(section, bell))
        .forEach(bell -> found.add(new Bell(node, addressOf(section, bell.offset()), bell))));
    return found;
  }

  /** A device in a section that takes stores. */
  @FunctionalInterface
  private interface Visitor {
    void visit(MemoryRegionSection section, MmioNode node);
  }

  private static void eachDevice(FlatView view, Visitor visitor) {
    for (MemoryRegionSection section : view.sections()) {
      if (section.region() instanceof MmioNode node && !section.attributes().readOnly()) {
        visitor.visit(section, node);
      }
    }
  }

  private static AddressRange offsets(MemoryRegionSection section) {
    return new AddressRange(section.offsetInRegion(), section.offsetOf(section.range().last()));
  }

  private static boolean shows(MemoryRegionSection section, Doorbell bell) {
    AddressRange offsets = offsets(section);
    return offsets.contains(bell.offset())
        && Long.compareUnsigned(Math.max(bell.size(), 1) - 1, offsets.last() - bell.offset()) <= 0;
  }

  private static long addressOf(MemoryRegionSection section, long offset) {
    return offset - section.offsetInRegion() + section.range().first();
  }
}
