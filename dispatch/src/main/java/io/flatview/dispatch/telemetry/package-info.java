/**
 * Commits, long waits for the map's lock, and failed accesses as events of the Flight Recorder: {@code
 * io.flatview.MapCommit}, {@code io.flatview.MapLockWait} and {@code io.flatview.AccessError}. They are off unless a
 * recording enables them, and absent in a Java runtime without {@code jdk.jfr}. Reclamation has events of its own,
 * {@code io.flatview.GracePeriod}, {@code io.flatview.ReclaimBatch}, {@code io.flatview.ReclaimBacklog} and {@code
 * io.flatview.ReaderStall}.
 */
package io.flatview.dispatch.telemetry;
