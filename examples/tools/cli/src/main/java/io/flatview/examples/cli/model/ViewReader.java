package io.flatview.examples.cli.model;

import io.flatview.examples.cli.dump.BadLineException;
import io.flatview.examples.cli.dump.Cursor;
import io.flatview.examples.cli.dump.Problems;
import io.flatview.examples.cli.dump.RegionType;
import io.flatview.examples.cli.flat.FlatDocument;
import io.flatview.examples.cli.flat.ViewRange;
import io.flatview.examples.cli.machine.MachineDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Collects the expected views of a model file. Not for several threads. */
final class ViewReader {

  private final Problems problems;
  private final List<Draft> drafts = new ArrayList<>();

  ViewReader(Problems problems) {
    this.problems = problems;
  }

  void view(int line, Fields fields) {
    fields.decimal(1);
    drafts.add(new Draft(line, new ArrayList<>(), new ArrayList<>()));
  }

  void space(Fields fields) {
    current().spaces.add(fields.text(1));
  }

  void range(Fields fields) {
    List<ViewRange> ranges = current().ranges;
    ViewRange range = new ViewRange(
        Cursor.range(fields.hex(1), fields.hex(2)), type(fields.text(4)), fields.text(6), fields.hex(5),
        OptionalInt.of(fields.decimal(3)));
    if (!ranges.isEmpty() && Long.compareUnsigned(ranges.getLast().range().last(), range.range().first()) >= 0) {
      throw new BadLineException("the range starts before the end of the one above");
    }
    ranges.add(range);
  }

  FlatDocument finish(List<MachineDescription.Space> spaces) {
    List<String> missing = new ArrayList<>(spaces.stream().map(MachineDescription.Space::name).toList());
    drafts.forEach(draft -> draft.spaces.forEach(space -> {
      if (!missing.remove(space)) {
        problems.add(draft.line, "the view is for an address space '" + space + "' that no line A names");
      }
    }));
    missing.forEach(space -> problems.add(0, "no view says what the address space '" + space + "' shows;"
        + " was the file cut off?"));
    return new FlatDocument(drafts.stream().flatMap(this::finish).toList());
  }

  private Stream<FlatDocument.View> finish(Draft draft) {
    if (draft.spaces.isEmpty()) {
      problems.add(draft.line, "the view names no address space");
    }
    return Stream.of(
        new FlatDocument.View(draft.line, draft.spaces, List.of(), Optional.empty(), draft.ranges, Optional.empty()));
  }

  private Draft current() {
    if (drafts.isEmpty()) {
      throw new BadLineException("no line V starts a view before this line");
    }
    return drafts.getLast();
  }

  private static String type(String label) {
    boolean marked = label.startsWith(RegionType.NON_VOLATILE_PREFIX);
    String plain = marked ? label.substring(RegionType.NON_VOLATILE_PREFIX.length()) : label;
    return RegionType.of(plain).label(marked);
  }

  private record Draft(int line, List<String> spaces, List<ViewRange> ranges) {}
}
