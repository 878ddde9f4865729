package io.flatview.examples.cli.machine;

import io.flatview.examples.cli.machine.RegionKind.Alias;
import io.flatview.examples.cli.machine.RegionKind.Plain;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapException;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Turns a description into regions and address spaces of a memory system, through nothing but its public API. */
public final class MachineBuilder {

  /** A device that reads as zero and ignores writes: enough to see where it is mapped. */
  public static final MmioHandler SILENT = new Silent();

  private final MachineDescription description;
  private final MemorySystem memory;
  private final Function<String, MmioHandler> devices;
  private final MemoryRegion[] regions;
  private final List<MemoryRegion> made = new ArrayList<>();

  private MachineBuilder(MachineDescription description, MemorySystem memory, Function<String, MmioHandler> devices) {
    this.description = description;
    this.memory = memory;
    this.devices = devices;
    this.regions = new MemoryRegion[description.regions().size()];
  }

  /**
   * Builds a machine in one transaction.
   *
   * @param description the description of the machine; every alias leads to a region that is no alias
   * @param memory where; should have the description's page size
   * @param devices gives each region of registers its handler, by the region's name
   * @return the machine
   * @throws io.flatview.memory.MapException if the map cannot be rendered
   */
  public static Machine build(
      MachineDescription description, MemorySystem memory, Function<String, MmioHandler> devices) {
    return new MachineBuilder(description, memory, devices).build();
  }

  private Machine build() {
    try {
      for (int index = 0; index < regions.length; index++) {
        region(index);
      }
      memory.update(this::arrange);
      return new Machine(description, Arrays.asList(regions), spaces());
    } catch (RuntimeException e) {
      made.reversed().forEach(MachineBuilder::closeIfUnused);
      throw e;
    }
  }

  /** After a failed build nothing shows a region; after a failed space the map does, and is closed with its system. */
  private static void closeIfUnused(MemoryRegion region) {
    try {
      region.close();
    } catch (MapException e) {
      // It is in the map.
    }
  }

  private List<AddressSpace> spaces() {
    List<AddressSpace> spaces = new ArrayList<>();
    description.spaces().forEach(space -> spaces.add(memory.addressSpace(space.name(), regions[space.root()])));
    return spaces;
  }

  private MemoryRegion region(int index) {
    if (regions[index] == null) {
      regions[index] = make(description.regions().get(index));
      made.add(regions[index]);
    }
    return regions[index];
  }

  private MemoryRegion make(RegionSpec spec) {
    return switch (spec.kind()) {
      case Alias alias -> memory.alias(spec.name(), region(alias.target()), alias.offset(), spec.size());
      case Plain plain -> make(spec, plain);
    };
  }

  private MemoryRegion make(RegionSpec spec, Plain kind) {
    return switch (kind) {
      case CONTAINER -> memory.container(spec.name(), spec.size());
      case MMIO -> memory.mmio(spec.name(), spec.size(), devices.apply(spec.name()));
      case RAM -> memory.ram(spec.name(), spec.size());
      case ROM -> memory.rom(spec.name(), spec.size());
      case ROMD -> memory.romDevice(spec.name(), spec.size(), devices.apply(spec.name()));
    };
  }

  private void arrange(Transaction changes) {
    for (int index = 0; index < regions.length; index++) {
      mark(changes, regions[index], description.regions().get(index).flags());
    }
    description.placements().forEach(placement -> place(changes, placement));
    description.starts().forEach(start -> changes.setAddress(regions[start.region()], start.address()));
  }

  /** The pattern names every flag, so that the compiler asks here for a new one. */
  private static void mark(Transaction changes, MemoryRegion region, RegionSpec.Flags flags) {
    switch (flags) {
      case RegionSpec.Flags(boolean enabled, boolean readOnly, boolean nonVolatile) -> {
        if (!enabled) {
          changes.setEnabled(region, false);
        }
        if (readOnly) {
          changes.setReadOnly(region, true);
        }
        if (nonVolatile) {
          changes.setNonVolatile(region, true);
        }
      }
    }
  }

  private void place(Transaction changes, MachineDescription.Placement placement) {
    MemoryRegion.Parent parent = (MemoryRegion.Parent) regions[placement.parent()];
    changes.addSubregion(parent, placement.offset(), regions[placement.child()], placement.priority());
  }

  private static final class Silent implements MmioHandler {
    @Override
    public long read(long offset, int size) {
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {
      // A register that keeps nothing.
    }
  }
}
