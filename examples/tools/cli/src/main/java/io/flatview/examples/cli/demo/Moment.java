package io.flatview.examples.cli.demo;

/**
 * Where a demo stands.
 *
 * @param seconds since it began
 * @param sections how many sections the readers entered
 * @param translations how many addresses they translated
 * @param accesses how many loads and stores they made
 * @param commits how many commits the writer made
 * @param waiting how many of them wait for their grace period
 * @param staleReads how many reads were wrong
 * @param ramBytes how much guest memory is reserved
 * @param heapBytes how much of the Java heap is used
 */
record Moment(
    double seconds,
    long sections,
    long translations,
    long accesses,
    long commits,
    long waiting,
    long staleReads,
    long ramBytes,
    long heapBytes) {}
