package io.flatview.examples.cli.machine;

import io.flatview.examples.cli.dump.DumpText;
import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.model.ModelParser;
import io.flatview.examples.cli.mtree.MtreeParser;
import io.flatview.examples.cli.mtree.TreeResolver;
import java.nio.file.Path;

/**
 * Reads a machine from a dump of either kind: a model file, or the text of {@code info mtree}.
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
   * @param file a dump of either kind; which one is seen from its first line
   * @return the machine's description
   * @throws io.flatview.examples.cli.dump.DumpException if the file cannot be read or is no proper dump
   */
  public static MachineDescription load(Path file) {
    return describe(DumpText.ofFile(file));
  }

  /**
   * Reads a text.
   *
   * @param text a dump of either kind
   * @return the machine's description
   * @throws io.flatview.examples.cli.dump.DumpException if the text is no proper dump
   */
  public static MachineDescription describe(DumpText text) {
    if (ModelParser.recognizes(text)) {
      return ModelParser.parse(text).machine();
    }
    if (!MtreeParser.recognizes(text)) {
      throw Problems.fatal(text.source(), 1, "starts neither with a tree of 'info mtree' nor as a model file:"
          + " the views of 'info mtree -f' do not tell how they came about");
    }
    return TreeResolver.resolve(MtreeParser.parse(text));
  }
}
