/**
 * Commits, waits and failed accesses as events of the Flight Recorder: {@code io.flatview.MapCommit} and {@code
 * io.flatview.AccessError}. Off unless a recording asks for them, and absent in a Java runtime without {@code jdk.jfr}.
 * Reclamation has events of its own, {@code io.flatview.GracePeriod}, {@code io.flatview.ReclaimBatch} and {@code
 * io.flatview.ReaderStall}.
 */
package io.flatview.dispatch.telemetry;
