package io.flatview.examples.bench.run;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** Takes an outcome out of a result of JMH. */
final class Extract {

  private static final String BYTES = "gc.alloc.rate.norm";
  private static final String PEAK = "peak";
  private static final double MEDIAN = 50;
  private static final double TAIL = 99;

  private Extract() {}

  static Outcome outcome(RunResult result) {
    Collection<BenchmarkResult> forks = result.getBenchmarkResults();
    boolean sampled = result.getParams().getMode() == Mode.SampleTime;
    return new Outcome(
        sampled ? percentile(forks, MEDIAN) : median(forks, Extract::medianIteration),
        sampled ? percentile(forks, TAIL) : Double.NaN,
        median(forks, fork -> secondary(fork, BYTES)),
        forks.stream().mapToDouble(Extract::peak).max().orElse(Double.NaN));
  }

  private static double percentile(Collection<BenchmarkResult> forks, double rank) {
    return median(forks, fork -> fork.getPrimaryResult().getStatistics().getPercentile(rank));
  }

  private static double medianIteration(BenchmarkResult fork) {
    return median(fork.getIterationResults(), iteration -> iteration.getPrimaryResult().getScore());
  }

  private static double secondary(BenchmarkResult fork, String name) {
    Result<?> result = fork.getSecondaryResults().get(name);
    return result == null ? Double.NaN : result.getScore();
  }

  private static double peak(BenchmarkResult fork) {
    return fork.getIterationResults().stream().mapToDouble(Extract::peak).max().orElse(Double.NaN);
  }

  private static double peak(IterationResult iteration) {
    Result<?> result = iteration.getSecondaryResults().get(PEAK);
    return result == null ? Double.NaN : result.getScore();
  }

  static <T> double median(Collection<T> from, ToDoubleFunction<T> figure) {
    double[] sorted = from.stream().mapToDouble(figure).sorted().toArray();
    if (sorted.length == 0 || Double.isNaN(Arrays.stream(sorted).sum())) {
      return Double.NaN;
    }
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
