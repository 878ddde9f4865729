package io.flatview.examples.cli.machine;

import io.flatview.examples.cli.capture.Capture;
import io.flatview.examples.cli.dump.DumpText;
import io.flatview.examples.cli.dump.Notes;
import io.flatview.examples.cli.flat.FlatMachine;
import io.flatview.examples.cli.flat.FlatParser;
import io.flatview.examples.cli.model.ModelParser;
import io.flatview.examples.cli.mtree.MtreeParser;
import io.flatview.examples.cli.mtree.TreeResolver;
import java.nio.file.Path;

/**
 * Reads a machine from a capture of any kind: a model file, the tree of {@code info mtree}, or its flat views.
 *
 * <pre>{@code
 * MachineDescription description = MachineLoader.bundled();
 * DispatchOptions options = DispatchOptions.defaults().withPageSize(description.pageSize());
 * try (ReclaimPolicy policy = ReclaimPolicies.discover();
 *     DispatchMemory memory = DispatchMemory.create(policy, options)) {
 *   Machine machine = MachineBuilder.build(description, memory, name -> new MyRegisters(name));
 *   ...
 * }
 * }</pre>
 */
public final class MachineLoader {

  private static final String BUNDLED = "/io/flatview/examples/cli/machine.model.txt";

  private MachineLoader() {}

  /**
   * The machine that comes with the command.
   *
   * @return its description
   */
  public static MachineDescription bundled() {
    return describe(DumpText.ofResource(BUNDLED));
  }

  /**
   * Reads a file.
   *
   * @param file the file with a captured map
   * @param notes gets what is missing, and what was repaired by a guess
   * @return the machine
   * @throws io.flatview.examples.cli.dump.DumpException if the file cannot be read or holds no map
   */
  public static LoadedMachine load(Path file, Notes notes) {
    return read(file.toString(), DumpText.bytes(file), notes);
  }

  /**
   * Reads a text.
   *
   * @param source its name, for messages
   * @param bytes the bytes of a captured map
   * @param notes gets what is missing, and what was repaired by a guess
   * @return the machine
   * @throws io.flatview.examples.cli.dump.DumpException if the text holds no map
   */
  public static LoadedMachine read(String source, byte[] bytes, Notes notes) {
    Capture capture = Capture.read(source, bytes, notes);
    return switch (capture.kind()) {
      case MODEL -> new LoadedMachine(ModelParser.parse(capture.text()).machine(), true);
      case TREE -> new LoadedMachine(TreeResolver.resolve(MtreeParser.parse(capture.text())), true);
      case VIEWS -> new LoadedMachine(FlatMachine.of(source, FlatParser.parse(capture.text())), false);
    };
  }

  private static MachineDescription describe(DumpText text) {
    return ModelParser.parse(text).machine();
  }
}
