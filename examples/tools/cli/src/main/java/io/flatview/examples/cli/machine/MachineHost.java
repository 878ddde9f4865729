package io.flatview.examples.cli.machine;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.DispatchOptions;
import io.flatview.examples.cli.dump.Effort;
import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.machine.RegionKind.Alias;
import io.flatview.examples.cli.pagetable.QemuPageTable;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MapInspector;
import io.flatview.memory.MemoryRegion;
import io.flatview.rcu.ReclaimPolicy;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** A machine together with the memory system that it was built into. */
public final class MachineHost implements AutoCloseable {

  private final DispatchMemory memory;
  private final Machine machine;
  private final MapInspector inspector;

  private MachineHost(DispatchMemory memory, Machine machine) {
    this.memory = memory;
    this.machine = machine;
    inspector = memory.inspect(Labels.of(machine));
  }

  /**
   * Builds a machine with devices that are silent.
   *
   * @param source the name of the dump, for messages
   * @param description the description of the machine
   * @param policy the policy that reclaims closed regions; stays open
   * @return the machine, to be closed
   * @throws io.flatview.examples.cli.dump.DumpException if the machine cannot be rendered
   */
  public static MachineHost open(String source, MachineDescription description, ReclaimPolicy policy) {
    try {
      return build(source, description, policy);
    } catch (IllegalArgumentException e) {
      return build(source, withoutMemory(description), policy);
    }
  }

  private static MachineHost build(String source, MachineDescription description, ReclaimPolicy policy) {
    DispatchOptions options = DispatchOptions.defaults().withPageSize(description.pageSize());
    DispatchMemory memory = DispatchMemory.create(policy, options);
    try {
      return new MachineHost(memory, MachineBuilder.build(description, memory, _ -> MachineBuilder.SILENT));
    } catch (MapException e) {
      memory.close();
      boolean tooLarge = e.faults().stream().anyMatch(fault -> fault.id() == MapFault.Id.VIEW_TOO_LARGE);
      throw Problems.fatal(source, culprit(description, e.getMessage()),
          e.getMessage() + (tooLarge ? "; here, " + Effort.CURE : ""));
    } catch (IllegalArgumentException e) {
      memory.close();
      throw e;
    } catch (StackOverflowError e) {
      memory.close();
      throw Problems.fatal(source, 0, "the regions are nested too deeply to be rendered");
    }
  }

  /** A map can be looked at on a host that has not so much memory: devices in its place are printed as memory. */
  private static MachineDescription withoutMemory(MachineDescription description) {
    return description.withRegions(description.regions().stream().map(MachineHost::withoutMemory).toList());
  }

  private static RegionSpec withoutMemory(RegionSpec region) {
    return switch (region.kind()) {
      case RegionKind.Plain kind when kind == RegionKind.Plain.RAM -> region.printedAs("ram");
      case RegionKind.Plain kind when kind == RegionKind.Plain.ROM -> region.printedAs("rom");
      case RegionKind.Plain kind when kind == RegionKind.Plain.ROMD -> region.printedAs("romd");
      case RegionKind _ -> region;
    };
  }

  /** The line of the first alias that the message names, or else of one that shows what the message names. */
  private static int culprit(MachineDescription description, String message) {
    List<RegionSpec> aliases = description.regions().stream().filter(spec -> spec.kind() instanceof Alias).toList();
    Predicate<RegionSpec> named = region -> message.contains("'" + region.name() + "'");
    return aliases.stream().filter(named)
        .findFirst()
        .or(() -> aliases.stream().filter(alias -> named.test(target(description, alias))).findFirst())
        .map(RegionSpec::line)
        .orElse(0);
  }

  private static RegionSpec target(MachineDescription description, RegionSpec alias) {
    return alias.kind() instanceof Alias(int target, long _) ? description.regions().get(target) : alias;
  }

  /**
   * The machine.
   *
   * @return with its regions and address spaces
   */
  public Machine machine() {
    return machine;
  }

  /**
   * Shows the machine, with what the dump said of it.
   *
   * @return texts and documents
   */
  public MapInspector inspect() {
    return inspector;
  }

  /**
   * The measures of the page table that QEMU builds for an address space.
   *
   * @param space one of the machine's address spaces
   * @return counts of sections and nodes
   */
  public QemuPageTable.Shape pageTable(AddressSpace space) {
    return QemuPageTable.of(machine.pageSize(), space.flatView().sections()).shape();
  }

  @Override
  public void close() {
    unused().forEach(MemoryRegion::close);
    memory.close();
  }

  /** The regions that a dump lists and nothing shows. */
  private List<MemoryRegion> unused() {
    BitSet used = new BitSet();
    machine.description().placements().forEach(placement -> used.set(placement.child()));
    machine.description().spaces().forEach(space -> used.set(space.root()));
    machine.description().regions().forEach(region -> {
      if (region.kind() instanceof Alias(int target, long _)) {
        used.set(target);
      }
    });
    return IntStream.range(0, machine.regions().size()).filter(index -> !used.get(index))
        .<MemoryRegion>mapToObj(machine.regions()::get)
        .filter(region -> !(region instanceof MemoryRegion.Parent parent) || parent.children().isEmpty())
        .toList();
  }
}
