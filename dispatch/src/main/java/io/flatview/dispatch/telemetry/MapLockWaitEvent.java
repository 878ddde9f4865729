package io.flatview.dispatch.telemetry;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A thread has waited long for the lock of a memory map; repeated at growing intervals. */
@Name("io.flatview.MapLockWait")
@Label("Map Lock Wait")
@Category({"Flatview", "Memory Map"})
@Description("A thread has waited long for the lock of a memory map")
@Enabled(false)
@StackTrace(true)
final class MapLockWaitEvent extends Event {

  @Label("Waited")
  @Timespan(Timespan.NANOSECONDS)
  long waited;

  @Label("Holder")
  Thread holder;

  @Label("Held")
  @Timespan(Timespan.MILLISECONDS)
  long held;
}
