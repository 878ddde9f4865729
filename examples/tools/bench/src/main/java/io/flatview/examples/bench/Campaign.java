package io.flatview.examples.bench;

import io.flatview.examples.bench.run.Outcome;
import io.flatview.examples.bench.run.Trial;
import io.flatview.examples.bench.run.TrialException;
import io.flatview.examples.bench.run.TrialRunner;
import io.flatview.examples.bench.table.Row;
import io.flatview.examples.bench.table.Subject;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs the trials of some subjects, each once, and says how far it is. */
final class Campaign {

  private final List<Subject> subjects;
  private final TrialRunner runner;
  private final PrintWriter progress;
  private final Map<Trial, Outcome> outcomes = new LinkedHashMap<>();
  private int failures;

  Campaign(List<Subject> subjects, TrialRunner runner, PrintWriter progress) {
    this.subjects = List.copyOf(subjects);
    this.runner = runner;
    this.progress = progress;
  }

  /** Measures everything; a trial that fails leaves its lines without a result. */
  List<Row> rows() {
    Map<Trial, String> trials = trials();
    int number = 0;
    for (Map.Entry<Trial, String> trial : trials.entrySet()) {
      number++;
      progress.printf(Locale.ROOT, "[%d/%d] %s%n", number, trials.size(), trial.getValue());
      progress.flush();
      run(trial.getKey());
    }
    return subjects.stream().map(subject -> Row.of(subject, outcomes)).toList();
  }

  /** How many trials gave no result. */
  int failures() {
    return failures;
  }

  private Map<Trial, String> trials() {
    Map<Trial, String> names = new LinkedHashMap<>();
    for (Subject subject : subjects) {
      subject.base().ifPresent(base -> names.putIfAbsent(base, "base of " + subject.name()));
      names.putIfAbsent(subject.trial(), subject.name());
    }
    return names;
  }

  private void run(Trial trial) {
    try {
      outcomes.put(trial, runner.run(trial));
    } catch (TrialException e) {
      failures++;
      progress.println(e.log());
      progress.println(e.getMessage() + ": " + e.getCause());
    }
  }
}
