package io.flatview.examples.bench.translate;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ThreadConfined;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A reader for each thread. */
@State(Scope.Thread)
@ThreadConfined
public class OwnReader {

  MapReader reader;
  AddressSpace space;
  long[] addresses;

  /**
   * Registers in the thread that reads.
   *
   * @param state the map that is read
   */
  @Setup
  public void register(TranslateState state) {
    reader = state.newReader();
    space = state.space();
    addresses = state.addresses;
  }

  /** Leaves. */
  @TearDown
  public void leave() {
    reader.close();
  }
}
