package io.flatview.examples.cli.model;

import io.flatview.examples.cli.dump.BadLineException;
import io.flatview.examples.cli.dump.Numbers;
import io.flatview.memory.Size;
import java.util.List;

/** The fields of one line of a model file. */
record Fields(List<String> values) {

  static Fields of(String line) {
    return new Fields(List.of(line.split("\t", -1)));
  }

  String tag() {
    return values.getFirst();
  }

  int count() {
    return values.size();
  }

  Fields exactly(int count) {
    if (count() != count) {
      throw new BadLineException("a line " + tag() + " has " + count + " fields, this one has " + count());
    }
    return this;
  }

  String text(int index) {
    return values.get(index);
  }

  int decimal(int index) {
    return Numbers.decimal(text(index));
  }

  long hex(int index) {
    return Numbers.hex(text(index));
  }

  Size size(int index) {
    return Numbers.size(text(index));
  }
}
