package io.flatview.dispatch.telemetry;

import io.flatview.memory.MapChange;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One commit, from its rendering to its last listener. */
@Name("io.flatview.MapCommit")
@Label("Map Commit")
@Category({"Flatview", "Memory Map"})
@Description("A transaction's changes were rendered, passed to listeners and published")
@Enabled(false)
@StackTrace(false)
final class MapCommitEvent extends Event {

  @Label("Generation")
  long generation;

  @Label("Address Spaces Changed")
  int spaces;

  @Label("Ranges Removed")
  int removed;

  @Label("Ranges Added")
  int added;

  void count(MapChange change) {
    spaces++;
    removed += change.removed().size();
    added += change.added().size();
  }
}
