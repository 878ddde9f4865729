package io.flatview.dispatch.telemetry;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Throttle;

/** A load or store that failed. A recording may limit the rate of these events. */
@Name("io.flatview.AccessError")
@Label("Access Error")
@Category({"Flatview", "Memory Map"})
@Description("A load or store, or one of its parts, failed")
@Enabled(false)
@StackTrace(false)
@Throttle("off")
final class AccessErrorEvent extends Event {

  @Label("Region")
  @Description("What answers there; 'unassigned' if nothing does")
  String region;

  @Label("Offset")
  @Description("Where in the region; the address itself if nothing answers")
  long offset;

  @Label("Size")
  @DataAmount
  long size;

  @Label("Access")
  String access;

  @Label("Failure")
  String failure;
}
