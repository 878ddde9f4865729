package io.flatview.examples.cli.model;

import io.flatview.examples.cli.dump.BadLineException;
import io.flatview.examples.cli.dump.DumpText;
import io.flatview.examples.cli.dump.Numbers;
import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.flat.FlatDocument;
import io.flatview.examples.cli.machine.MachineDescription;

/**
 * Reads a model file: lines of fields between tabs, the first of which tells what the line is about.
 *
 * <table class="striped">
 * <caption>Lines; numbers are hexadecimal unless marked</caption>
 * <thead><tr><th scope="col">line</th><th scope="col">fields</th></tr></thead>
 * <tbody>
 * <tr><td>{@code D}</td><td>name of the machine, quality</td></tr>
 * <tr><td>{@code P}</td><td>page size in bytes (decimal)</td></tr>
 * <tr><td>{@code R}</td><td>id (decimal), kind, size, flags, name; of an alias also target (decimal) and offset</td>
 * </tr>
 * <tr><td>{@code C}</td><td>parent (decimal), child (decimal), offset, priority (decimal), rank (decimal)</td></tr>
 * <tr><td>{@code A}</td><td>root (decimal), address of the root, name of the address space</td></tr>
 * <tr><td>{@code V}</td><td>number: starts the expected view of the spaces that follow</td></tr>
 * <tr><td>{@code S}</td><td>name of an address space that shares the view</td></tr>
 * <tr><td>{@code F}</td><td>first, last, priority (decimal), type, offset, name: a range of the view</td></tr>
 * </tbody>
 * </table>
 */
public final class ModelParser {

  private static final String HEADER = "# memory map model v1";
  private static final String COMMENT = "#";

  private final DumpText text;
  private final Problems problems;
  private final GraphReader graph;
  private final ViewReader views;

  private ModelParser(DumpText text) {
    this.text = text;
    this.problems = new Problems(text.source());
    this.graph = new GraphReader(problems);
    this.views = new ViewReader(problems);
  }

  /**
   * Whether a text looks like a model file.
   *
   * @param text any dump
   * @return true if its first line says so
   */
  public static boolean recognizes(DumpText text) {
    return text.first().startsWith(HEADER);
  }

  /**
   * Reads a model file.
   *
   * @param text the file
   * @return what it says
   * @throws io.flatview.examples.cli.dump.DumpException with all problems of the file
   */
  public static ModelDump parse(DumpText text) {
    return new ModelParser(text).parse();
  }

  private ModelDump parse() {
    text.requireEnd(problems);
    if (!recognizes(text)) {
      problems.add(1, "expected '" + HEADER + "', found '" + Numbers.excerpt(text.first()) + "'");
    }
    text.lines().forEach(line -> problems.guard(line.number(), () -> line(line.number(), line.text())));
    problems.throwIfAny();
    MachineDescription machine = graph.finish();
    FlatDocument expected = views.finish(machine.spaces());
    problems.throwIfAny();
    return new ModelDump(machine, expected);
  }

  private void line(int number, String line) {
    if (line.isEmpty() || line.startsWith(COMMENT)) {
      return;
    }
    Fields fields = Fields.of(line);
    switch (fields.tag()) {
      case "D" -> graph.name(fields.exactly(3));
      case "P" -> graph.pageSize(fields.exactly(2));
      case "R" -> graph.region(number, fields);
      case "C" -> graph.placement(number, fields.exactly(6));
      case "A" -> graph.space(number, fields.exactly(4));
      case "V" -> views.view(number, fields.exactly(2));
      case "S" -> views.space(fields.exactly(2));
      case "F" -> views.range(fields.exactly(7));
      default -> throw new BadLineException(
          "'" + Numbers.excerpt(fields.tag()) + "' starts no line of a model; known are D, P, R, C, A, V, S, F");
    }
  }
}
