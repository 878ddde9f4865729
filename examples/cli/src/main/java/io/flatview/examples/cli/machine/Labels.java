package io.flatview.examples.cli.machine;

import io.flatview.examples.cli.dump.RegionType;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import java.util.IdentityHashMap;
import java.util.Map;

/** What dumps print about regions: their types as QEMU names them, and what only the dump knew. */
public final class Labels {

  private final Map<MemoryRegion, RegionSpec.Note> notes = new IdentityHashMap<>();

  private Labels() {}

  /**
   * The labels of a machine's regions.
   *
   * @param machine the machine
   * @return its labels
   */
  public static Labels of(Machine machine) {
    Labels labels = new Labels();
    for (int index = 0; index < machine.regions().size(); index++) {
      labels.notes.put(machine.regions().get(index), machine.description().regions().get(index).note());
    }
    return labels;
  }

  /**
   * What the dump said beyond the region itself.
   *
   * @param region any region
   * @return its note
   */
  public RegionSpec.Note note(MemoryRegion region) {
    return notes.getOrDefault(region, RegionSpec.Note.NONE);
  }

  /**
   * The type of a region.
   *
   * @param region any region; an alias has the type of what it shows in the end
   * @return its type
   */
  public RegionType type(MemoryRegion region) {
    return switch (region) {
      case MemoryRegion.Alias alias -> type(alias.target());
      case MemoryRegion.Rom _ -> RegionType.ROM;
      case MemoryRegion.RomDevice device -> device.isRomdMode() ? RegionType.ROMD : RegionType.IO;
      case MemoryRegion.Ram ram -> ram(ram);
      default -> RegionType.IO;
    };
  }

  private RegionType ram(MemoryRegion.Ram ram) {
    return note(ram).deviceMemory() ? RegionType.RAMD : ram.isReadOnly() ? RegionType.ROM : RegionType.RAM;
  }

  /**
   * The type in print, with the mark of what keeps its content.
   *
   * @param region any region
   * @return as in {@code ram} or {@code nv-ram}
   */
  public String typeLabel(MemoryRegion region) {
    return type(region).label(region.isNonVolatile());
  }

  /**
   * The type of a range of a flat view in print: {@code rom} if writes are refused on the way to it, whatever it is.
   *
   * @param section the range
   * @return as in {@code ram} or {@code nv-ram}
   */
  public String typeLabel(MemoryRegionSection section) {
    RegionType type = section.attributes().readOnly() ? RegionType.ROM : type(section.region());
    return type.label(section.attributes().nonVolatile());
  }
}
