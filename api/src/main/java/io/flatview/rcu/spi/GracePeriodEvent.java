package io.flatview.rcu.spi;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One grace period, from the thread that ran it. */
@Name("io.flatview.GracePeriod")
@Label("Grace Period")
@Category({"Flatview", "Reclamation"})
@Description("The wait for all sections that were open when it began")
@Enabled(false)
@StackTrace(false)
final class GracePeriodEvent extends Event {

  @Label("Policy")
  String policy;

  @Label("Number")
  long number;

  @Label("Expedited")
  boolean expedited;
}
