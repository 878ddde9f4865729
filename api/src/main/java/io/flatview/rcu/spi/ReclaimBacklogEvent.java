package io.flatview.rcu.spi;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/** The backlog that waits for readers to leave, recorded repeatedly. */
@Name("io.flatview.ReclaimBacklog")
@Label("Reclaim Backlog")
@Category({"Flatview", "Reclamation"})
@Description("How many actions were retired and have not run")
@Enabled(false)
@StackTrace(false)
@Period("1 s")
final class ReclaimBacklogEvent extends Event {

  @Label("Policy")
  String policy;

  @Label("Backlog")
  long backlog;
}
