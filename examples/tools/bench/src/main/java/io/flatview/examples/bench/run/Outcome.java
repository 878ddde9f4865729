package io.flatview.examples.bench.run;

/**
 * The outcome of a trial; NaN stands for a missing figure.
 *
 * @param nanos per operation: the mean of an iteration, or the median of samples, and of these the median of forks
 * @param tailNanos the 99th percentile of samples, the median of forks
 * @param bytes allocated per operation
 * @param peak the largest number that the benchmark itself counted, such as of objects retired and not reclaimed
 */
public record Outcome(double nanos, double tailNanos, double bytes, double peak) {}
