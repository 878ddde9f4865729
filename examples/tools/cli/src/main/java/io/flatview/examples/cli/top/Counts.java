package io.flatview.examples.cli.top;

import java.util.List;
import java.util.Locale;
import jdk.jfr.consumer.RecordedEvent;

/** Sums over the events of a stretch of time. Used by the thread of the event stream alone. */
final class Counts {

  static final List<String> EVENTS = List.of(
      "io.flatview.MapCommit", "io.flatview.AccessError", "io.flatview.GracePeriod", "io.flatview.ReclaimBatch",
      "io.flatview.ReaderStall", "io.flatview.ReclaimBacklog", "io.flatview.MapLockWait");

  long commits;
  long ranges;
  long commitNanos;
  long gracePeriods;
  long graceNanos;
  long reclaimed;
  long accessErrors;
  long stalls;
  long lockWaits;
  long stalledBacklog;
  long backlog;
  long generation;
  String lastStall = "";
  String lastError = "";

  void add(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "io.flatview.MapCommit" -> addCommit(event);
      case "io.flatview.AccessError" -> addError(event);
      case "io.flatview.GracePeriod" -> addGracePeriod(event);
      case "io.flatview.ReclaimBatch" -> reclaimed += event.getLong("actions");
      case "io.flatview.ReaderStall" -> addStall(event);
      case "io.flatview.MapLockWait" -> lockWaits++;
      case "io.flatview.ReclaimBacklog" -> backlog = event.getLong("backlog");
      default -> throw new IllegalArgumentException(event.getEventType().getName());
    }
  }

  private void addCommit(RecordedEvent event) {
    commits++;
    ranges += event.getInt("removed") + event.getInt("added");
    commitNanos += event.getDuration().toNanos();
    generation = Math.max(generation, event.getLong("generation"));
  }

  private void addError(RecordedEvent event) {
    accessErrors++;
    lastError = String.format(Locale.ROOT, "%s of %d bytes at %s %016x: %s", event.getString("access"),
        event.getLong("size"), event.getString("region"), event.getLong("offset"), event.getString("failure"));
  }

  private void addGracePeriod(RecordedEvent event) {
    gracePeriods++;
    graceNanos += event.getDuration().toNanos();
  }

  private void addStall(RecordedEvent event) {
    stalls++;
    stalledBacklog = event.getLong("backlog");
    lastStall = event.getString("report").lines().findFirst().orElse("");
  }

  /** Whether something has happened that a panel would show. */
  boolean haveAny() {
    return commits + gracePeriods + reclaimed + accessErrors + stalls > 0;
  }

  /** The sums since then; a value that is not a sum stays as it is. */
  Counts since(Counts then) {
    Counts between = copy();
    between.commits -= then.commits;
    between.ranges -= then.ranges;
    between.commitNanos -= then.commitNanos;
    between.gracePeriods -= then.gracePeriods;
    between.graceNanos -= then.graceNanos;
    between.reclaimed -= then.reclaimed;
    between.accessErrors -= then.accessErrors;
    return between;
  }

  Counts copy() {
    Counts copy = new Counts();
    copy.commits = commits;
    copy.ranges = ranges;
    copy.commitNanos = commitNanos;
    copy.gracePeriods = gracePeriods;
    copy.graceNanos = graceNanos;
    copy.reclaimed = reclaimed;
    copy.accessErrors = accessErrors;
    copy.stalls = stalls;
    copy.lockWaits = lockWaits;
    copy.stalledBacklog = stalledBacklog;
    copy.backlog = backlog;
    copy.generation = generation;
    copy.lastStall = lastStall;
    copy.lastError = lastError;
    return copy;
  }
}
