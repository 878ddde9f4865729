package io.flatview.examples.bench.table;

import io.flatview.examples.bench.run.Outcome;
import io.flatview.examples.bench.run.Trial;
import java.util.List;
import java.util.Map;

/**
 * A line of the table.
 *
 * @param subject the measured subject
 * @param figure the result; NaN if there is none
 * @param tail the 99th percentile; NaN if there is none
 * @param ratio to the base; NaN if there is none
 * @param toPeer the result divided by the peer's figure; NaN if there is none
 * @param bytes allocated per operation; NaN where an operation is many
 */
public record Row(Subject subject, double figure, double tail, double ratio, double toPeer, double bytes) {

  private static final Outcome NOTHING = new Outcome(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /**
   * Fills in what came out.
   *
   * @param subject the measured subject
   * @param outcomes of all trials that gave a result
   * @return its line
   */
  public static Row of(Subject subject, Map<Trial, Outcome> outcomes) {
    Outcome own = outcomes.getOrDefault(subject.trial(), NOTHING);
    double figure = subject.unit().figure(subject.trial(), own);
    double base = subject.base().map(trial -> outcomes.getOrDefault(trial, NOTHING).nanos()).orElse(Double.NaN);
    boolean perOperation = subject.unit() == Unit.NANOS || subject.unit() == Unit.MICROS_EACH;
    double ratio = (subject.unit() == Unit.CORE_NANOS ? figure : own.nanos()) / base;
    return new Row(subject, figure, subject.unit().tail(own), ratio, figure / subject.peer().number(),
        perOperation ? own.bytes() : Double.NaN);
  }

  List<String> cells() {
    return List.of(subject.name(), subject.isolates(), result(), subject.unit().text(), Figures.ratio(ratio),
        Figures.bytes(bytes), subject.peer().text(), Figures.toPeer(toPeer));
  }

  private String result() {
    String text = Figures.significant(figure);
    return Double.isNaN(tail) ? text.isEmpty() ? "none" : text : text + " / " + Figures.significant(tail);
  }
}
