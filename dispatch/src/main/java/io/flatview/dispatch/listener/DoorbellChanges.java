package io.flatview.dispatch.listener;

import io.flatview.dispatch.doorbell.DeviceGate;
import io.flatview.dispatch.topology.MmioNode;
import io.flatview.memory.AddressRange;
import io.flatview.memory.Doorbell;
import io.flatview.memory.FlatView;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The doorbells and coalesced ranges that appear or go away at addresses in one commit. Both views are searched
 * completely, but only if a listener of the space wants doorbells.
 */
public final class DoorbellChanges {

  /** A callback to the listeners that want doorbells, in the order of the list. */
  record Step(MapChange change, List<ListenerEntry> listeners, Callback callback) {}

  /** A doorbell at an address. */
  private record Bell(MemoryRegion.Mmio device, long address, Doorbell doorbell) {}

  /** The addresses of a part of a coalesced range. */
  private record Waiting(MemoryRegion.Mmio device, AddressRange addresses) {}

  /** No changes. */
  public static final DoorbellChanges NONE = new DoorbellChanges(List.of(), List.of());

  private final List<Step> before;
  private final List<Step> after;

  /** No changes yet. */
  public DoorbellChanges() {
    this(new ArrayList<>(), new ArrayList<>());
  }

  private DoorbellChanges(List<Step> before, List<Step> after) {
    this.before = before;
    this.after = after;
  }

  /** The callbacks before sections go away. */
  List<Step> before() {
    return before;
  }

  /** The callbacks after sections have appeared. */
  List<Step> after() {
    return after;
  }

  /**
   * Adds the changes of one address space, if listeners of it want them.
   *
   * @param change the change of the address space; both views may be the same
   * @param listeners the listeners of the address space, in ascending order
   * @param rules the rules of each device's gate after the commit
   */
  public void add(MapChange change, List<ListenerEntry> listeners, Function<MmioNode, DeviceGate.Rules> rules) {
    List<ListenerEntry> asking = listeners.stream().filter(ListenerEntry::doorbells).toList();
    if (!asking.isEmpty()) {
      coalesced(change, asking, waiting(change.before(), DoorbellChanges::inForce), waiting(change.after(), rules));
      doorbells(change, asking, bells(change.before(), DoorbellChanges::inForce), bells(change.after(), rules));
    }
  }

  static DeviceGate.Rules inForce(MmioNode node) {
    return node.device().gateRules();
  }

  private void coalesced(MapChange change, List<ListenerEntry> asking, Set<Waiting> old, Set<Waiting> now) {
    old.stream().filter(part -> !now.contains(part)).forEach(part -> before.add(new Step(
        change, asking.reversed(), new Callback.CoalescedDel(part.device(), part.addresses()))));
    now.stream().filter(part -> !old.contains(part)).forEach(part -> after.add(new Step(
        change, asking, new Callback.CoalescedAdd(part.device(), part.addresses()))));
  }

  private void doorbells(MapChange change, List<ListenerEntry> asking, Set<Bell> old, Set<Bell> now) {
    old.stream().filter(bell -> !now.contains(bell)).forEach(bell -> after.add(new Step(
        change, asking.reversed(), new Callback.DoorbellDel(bell.device(), bell.address(), bell.doorbell()))));
    now.stream().filter(bell -> !old.contains(bell)).forEach(bell -> after.add(new Step(
        change, asking, new Callback.DoorbellAdd(bell.device(), bell.address(), bell.doorbell()))));
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

  /** Takes each device in a section to which stores go. */
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
