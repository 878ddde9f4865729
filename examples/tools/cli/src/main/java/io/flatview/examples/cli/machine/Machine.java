package io.flatview.examples.cli.machine;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MemoryRegion;
import java.util.List;
import java.util.Optional;

/**
 * A machine that was built into a memory system, which owns its regions and address spaces.
 *
 * @param description the description that it was built from
 * @param regions the regions, in the order of the description
 * @param spaces the address spaces, in the order of the description
 */
public record Machine(MachineDescription description, List<MemoryRegion> regions, List<AddressSpace> spaces) {

  /**
   * Copies the lists.
   *
   * @throws NullPointerException if anything is null
   */
  public Machine {
    regions = List.copyOf(regions);
    spaces = List.copyOf(spaces);
  }

  /**
   * The name of the machine.
   *
   * @return as the dump gives it
   */
  public String name() {
    return description.name();
  }

  /**
   * The page size of the machine.
   *
   * @return in bytes
   */
  public int pageSize() {
    return description.pageSize();
  }

  /**
   * Finds a region.
   *
   * @param name the name of the region
   * @return the first of that name
   */
  public Optional<MemoryRegion> region(String name) {
    return regions.stream().filter(region -> region.name().equals(name)).findFirst();
  }

  /**
   * Finds an address space.
   *
   * @param name the name of the address space
   * @return the first of that name
   */
  public Optional<AddressSpace> space(String name) {
    return spaces.stream().filter(space -> space.name().equals(name)).findFirst();
  }
}
