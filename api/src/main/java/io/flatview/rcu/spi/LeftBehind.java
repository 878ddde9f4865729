package io.flatview.rcu.spi;

import io.flatview.rcu.StallReport;

/** A reader that nobody uses any more and nobody closed, for a report. */
record LeftBehind(SlotReader reader, StallReport.Cause cause) {}
