package io.flatview.examples.bench.rcu;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The largest number of a thread's objects that were outstanding; the threads' figures are added up. */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class PeakBacklog {

  /** For JMH, which resets it before each measurement. */
  public long peak;
}
