package io.flatview.dispatch.fault;

import io.flatview.memory.MemoryRegion;
import java.util.Map;

/** What can be known of a region, as text. */
final class Facts {

  private Facts() {}

  static String of(MemoryRegion region, Map<Object, Integer> numbers) {
    StringBuilder text = new StringBuilder(region.name())
        .append(region.parent().map(parent -> " in " + numbers.get(parent)).orElse(""))
        .append(" at ").append(region.address()).append(" prio ").append(region.priority())
        .append(" size ").append(region.size())
        .append(region.isEnabled() ? "" : " disabled").append(region.isReadOnly() ? " read-only" : "")
        .append(region.isNonVolatile() ? " non-volatile" : "").append(region.isUnmergeable() ? " unmergeable" : "")
        .append(region.isNoFetch() ? " no fetch" : "")
        .append(Machine.isClosed(region) ? " closed" : "");
    switch (region) {
      case MemoryRegion.Alias alias -> text.append(" shows ").append(alias.targetOffset());
      case MemoryRegion.Parent parent -> {
        text.append(" holds ").append(parent.children().stream().map(numbers::get).toList());
        addOwn(text, parent);
      }
    }
    return text.toString();
  }

  private static void addOwn(StringBuilder text, MemoryRegion.Parent region) {
    if (region instanceof MemoryRegion.Memory memory) {
      text.append(" mask ").append(memory.dirtyLogMask());
    }
    if (region instanceof MemoryRegion.RomDevice device) {
      text.append(" romd ").append(device.isRomdMode());
    }
    if (region instanceof MemoryRegion.Mmio device) {
      text.append(" bells ").append(device.doorbells()).append(" coalesced ").append(device.coalesced());
    }
  }
}
