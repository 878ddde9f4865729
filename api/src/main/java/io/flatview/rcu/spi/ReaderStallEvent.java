package io.flatview.rcu.spi;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A grace period that readers hold up for too long. */
@Name("io.flatview.ReaderStall")
@Label("Reader Stall")
@Category({"Flatview", "Reclamation"})
@Description("Readers hold up a grace period for longer than the threshold")
@Enabled(false)
@StackTrace(false)
final class ReaderStallEvent extends Event {

  @Label("Policy")
  String policy;

  @Label("Grace Period")
  long gracePeriod;

  @Label("Age")
  @Timespan(Timespan.NANOSECONDS)
  long age;

  @Label("Backlog")
  long backlog;

  @Label("Report")
  String report;
}
