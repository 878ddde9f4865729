package io.flatview.rcu.spi;

import io.flatview.rcu.StallReport;

/** A reader that is no longer used and was not closed, for a report. */
record LeftBehind(SlotReader reader, StallReport.Cause cause) {}
