package io.flatview.examples.cli.machine;

import io.flatview.examples.cli.dump.RegionType;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.RegionLabels;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The facts in a dump that regions cannot carry themselves, kept so that it can be printed again. */
public final class Labels implements RegionLabels {

  private static final List<String> VAGUE = Arrays.stream(RegionType.values())
      .filter(RegionType::isVague).map(RegionType::label).toList();

  private final Map<MemoryRegion, RegionSpec.Note> notes = new IdentityHashMap<>();
  private final List<MemoryRegion> targets;

  private Labels(List<MemoryRegion> targets) {
    this.targets = targets;
  }

  /**
   * The labels of a machine's regions.
   *
   * @param machine the machine
   * @return its labels
   */
  public static Labels of(Machine machine) {
    Labels labels = new Labels(machine.description().targets().stream().map(machine.regions()::get).toList());
    for (int index = 0; index < machine.regions().size(); index++) {
      labels.notes.put(machine.regions().get(index), machine.description().regions().get(index).note());
    }
    return labels;
  }

  private RegionSpec.Note note(MemoryRegion region) {
    return notes.getOrDefault(region, RegionSpec.Note.NONE);
  }

  /**
   * Whether the dump names the owners of regions.
   *
   * @return true if it did for one of them
   */
  public boolean haveOwners() {
    return notes.values().stream().anyMatch(note -> note.owner().endsWith("}"));
  }

  @Override
  public String type(MemoryRegion region) {
    String printed = note(region).type();
    return printed.isEmpty() ? RegionLabels.super.type(region) : printed;
  }

  /** A dump from before 2.9 does not become more precise by a flag that was assumed. */
  @Override
  public String typeLabel(MemoryRegionSection section) {
    String printed = note(section.region()).type();
    return VAGUE.stream().noneMatch(printed::equals)
        ? RegionLabels.super.typeLabel(section)
        : typeLabel(section.region());
  }

  @Override
  public Optional<String> owner(MemoryRegion region) {
    return Optional.of(note(region).owner().strip()).filter(owner -> !owner.isEmpty());
  }

  @Override
  public boolean isListed(MemoryRegion region) {
    return !note(region).unseen();
  }

  /** A dump may lack the lines of disabled aliases, but not what they show. */
  @Override
  public List<MemoryRegion> firstTargets() {
    return targets;
  }
}
