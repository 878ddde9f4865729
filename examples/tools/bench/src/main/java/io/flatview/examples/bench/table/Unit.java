package io.flatview.examples.bench.table;

import io.flatview.examples.bench.rcu.Crowd;
import io.flatview.examples.bench.run.Outcome;
import io.flatview.examples.bench.run.Trial;

/** The unit of a figure, and how the figure follows from an outcome. */
public enum Unit {

  /** Nanoseconds per operation. */
  NANOS("ns") {
    @Override
    double figure(Trial trial, Outcome outcome) {
      return outcome.nanos();
    }
  },

  /** Microseconds, median and 99th percentile. */
  MICROS("us") {
    @Override
    double figure(Trial trial, Outcome outcome) {
      return outcome.nanos() / THOUSAND;
    }

    @Override
    double tail(Outcome outcome) {
      return outcome.tailNanos() / THOUSAND;
    }
  },

  /** Microseconds per operation, and what it allocates. */
  MICROS_EACH("us") {
    @Override
    double figure(Trial trial, Outcome outcome) {
      return outcome.nanos() / THOUSAND;
    }
  },

  /** Microseconds per operation, and the time that one of 10,000 exceeds, as the benchmark itself counts it. */
  RARE_MICROS("us") {
    @Override
    double figure(Trial trial, Outcome outcome) {
      return outcome.nanos() / THOUSAND;
    }

    @Override
    double tail(Outcome outcome) {
      return outcome.peak() / THOUSAND;
    }
  },

  /** Bytes that are held, as the benchmark itself counts them. */
  BYTES("B") {
    @Override
    double figure(Trial trial, Outcome outcome) {
      return outcome.peak();
    }
  },

  /** Million objects per second, of all threads together. */
  MILLIONS_PER_SECOND("M/s") {
    @Override
    double figure(Trial trial, Outcome outcome) {
      return THOUSAND * number(trial, "objects") * trial.threads() / outcome.nanos();
    }
  },

  /** Thousand objects that waited at most. */
  PEAK_THOUSANDS("k obj") {
    @Override
    double figure(Trial trial, Outcome outcome) {
      return outcome.peak() / THOUSAND;
    }
  },

  /** Nanoseconds of all cores per section of a virtual thread. */
  CORE_NANOS("ns") {
    @Override
    double figure(Trial trial, Outcome outcome) {
      double sections = (double) Crowd.THREADS * Crowd.SECTIONS_PER_ROUND * number(trial, "rounds");
      return outcome.nanos() * Runtime.getRuntime().availableProcessors() / sections;
    }
  };

  private static final double THOUSAND = 1_000;

  private final String text;

  Unit(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  abstract double figure(Trial trial, Outcome outcome);

  double tail(Outcome outcome) {
    return Double.NaN;
  }

  private static double number(Trial trial, String parameter) {
    return Double.parseDouble(trial.parameters().get(parameter));
  }
}
