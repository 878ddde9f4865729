package io.flatview.dispatch.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Joins answers for runs of addresses, given in ascending order, into sections. */
final class Painting {

  private final List<ModelSection> sections = new ArrayList<>();
  private BigInteger first;
  private BigInteger last;
  private Answer answer;

  void add(BigInteger runFirst, BigInteger runLast, Answer next) {
    if (answer != null && next != null && answer.isContinuedBy(next, runFirst.subtract(first))) {
      last = runLast;
      return;
    }
    flush();
    first = runFirst;
    last = runLast;
    answer = next;
  }

  private void flush() {
    if (answer != null) {
      sections.add(new ModelSection(first.longValue(), last.longValue(), answer.region().id,
          answer.offset().longValue(), answer.attributes()));
    }
  }

  List<ModelSection> sections() {
    flush();
    answer = null;
    return sections;
  }
}
