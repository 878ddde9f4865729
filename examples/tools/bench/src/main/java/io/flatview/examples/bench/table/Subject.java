package io.flatview.examples.bench.table;

import io.flatview.examples.bench.run.Trial;
import java.util.Optional;

/**
 * A line of the table before it is measured.
 *
 * @param name what is measured
 * @param isolates what it isolates
 * @param trial the trial that measures it
 * @param base what it is divided by
 * @param unit of the figure
 * @param peer what else it is compared with
 */
public record Subject(
    String name, String isolates, Trial trial, Optional<Trial> base, Unit unit, Peer peer) {}
