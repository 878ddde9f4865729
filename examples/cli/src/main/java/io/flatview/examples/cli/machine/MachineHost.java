package io.flatview.examples.cli.machine;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.dispatch.DispatchOptions;
import io.flatview.dispatch.PageTableReport;
import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.machine.RegionKind.Window;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapException;
import io.flatview.memory.MapInspector;
import io.flatview.rcu.ReclaimPolicy;
import java.util.List;
import java.util.function.Predicate;

/** A machine together with the memory system that it was built into. */
public final class MachineHost implements AutoCloseable {

  private final DispatchMemory memory;
  private final Machine machine;

  private MachineHost(DispatchMemory memory, Machine machine) {
    this.memory = memory;
    this.machine = machine;
  }

  /**
   * Builds a machine with devices that are silent.
   *
   * @param source the name of the dump, for messages
   * @param description what to build
   * @param policy reclaims what is closed; stays open
   * @return the machine, to be closed
   * @throws io.flatview.examples.cli.dump.DumpException if the machine cannot be rendered
   */
  public static MachineHost open(String source, MachineDescription description, ReclaimPolicy policy) {
    DispatchOptions options = DispatchOptions.defaults().withPageSize(description.pageSize());
    DispatchMemory memory = DispatchMemory.create(policy, options);
    try {
      return new MachineHost(memory, MachineBuilder.build(description, memory, _ -> MachineBuilder.SILENT));
    } catch (MapException e) {
      memory.close();
      throw Problems.fatal(source, culprit(description, e.getMessage()), e.getMessage());
    } catch (StackOverflowError e) {
      memory.close();
      throw Problems.fatal(source, 0, "the regions are nested too deeply to be rendered");
    }
  }

  /** The line of the first alias that the message names, or else of one that shows what the message names. */
  private static int culprit(MachineDescription description, String message) {
    List<RegionSpec> aliases = description.regions().stream().filter(spec -> spec.kind() instanceof Window).toList();
    Predicate<RegionSpec> named = region -> message.contains("'" + region.name() + "'");
    return aliases.stream().filter(named)
        .findFirst()
        .or(() -> aliases.stream().filter(alias -> named.test(target(description, alias))).findFirst())
        .map(RegionSpec::line)
        .orElse(0);
  }

  private static RegionSpec target(MachineDescription description, RegionSpec alias) {
    return alias.kind() instanceof Window(int target, long _) ? description.regions().get(target) : alias;
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
    return memory.inspect(Labels.of(machine));
  }

  /**
   * The page table of an address space.
   *
   * @param space one of the machine's
   * @return its measures
   */
  public PageTableReport pageTable(AddressSpace space) {
    return memory.pageTable(space);
  }

  @Override
  public void close() {
    memory.close();
  }
}
