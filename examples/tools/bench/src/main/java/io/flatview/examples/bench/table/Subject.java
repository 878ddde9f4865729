package io.flatview.examples.bench.table;

import io.flatview.examples.bench.run.Trial;
import java.util.Optional;

/**
 * A line of the table before it is measured.
 *
 * @param name the name of the benchmark
 * @param isolates the cost that it isolates
 * @param trial the trial that measures it
 * @param base the trial whose figure is the divisor
 * @param unit of the figure
 * @param peer the other figure to compare with
 */
public record Subject(
    String name, String isolates, Trial trial, Optional<Trial> base, Unit unit, Peer peer) {}
