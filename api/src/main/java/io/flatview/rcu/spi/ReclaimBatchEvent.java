package io.flatview.rcu.spi;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The actions that one grace period set free. */
@Name("io.flatview.ReclaimBatch")
@Label("Reclaim Batch")
@Category({"Flatview", "Reclamation"})
@Description("The actions that ran after one grace period")
@Enabled(false)
@StackTrace(false)
final class ReclaimBatchEvent extends Event {

  @Label("Policy")
  String policy;

  @Label("Actions")
  long actions;
}
