package io.flatview.examples.bench.translate;

import io.flatview.examples.bench.map.AddressStream;
import io.flatview.examples.bench.map.Checksums;
import io.flatview.examples.bench.map.Topology;
import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A machine and a stream of addresses, whose sum is verified before anything is measured. */
@State(Scope.Benchmark)
public class TranslateState {

  private static final long COMMIT_PERIOD_NANOS = 1_000_000;

  /** Of the map. */
  @Param({"q35"})
  public String map;

  /** Of the stream. */
  @Param({"HOT_RAM"})
  public AddressStream stream;

  /** The reclamation backend. */
  @Param({"epoch"})
  public String flavour;

  /** Whether a writer commits a thousand times a second meanwhile. */
  @Param({"false"})
  public boolean writer;

  long[] addresses;
  private MapMachine machine;
  private volatile Thread committer;

  /** Builds and verifies. */
  @Setup(Level.Trial)
  public void open() {
    Topology topology = Topology.named(map);
    machine = new MapMachine(topology, flavour);
    addresses = stream.over(topology);
    try (MapReader reader = newReader(); ReadSection _ = reader.enter()) {
      verify(topology, Checksums.of(addresses, address -> answer(reader, address)));
    }
    if (writer) {
      committer = Thread.ofPlatform().daemon().name("committer").start(this::commit);
    }
  }

  private void verify(Topology topology, long sum) {
    long expected = Checksums.ofQemu(topology, stream).orElseGet(() -> Checksums.bySearch(topology, addresses));
    if (sum != expected) {
      throw new IllegalStateException("stream " + stream.text() + " on " + map + " comes to "
          + Long.toHexString(sum) + ", and should come to " + Long.toHexString(expected));
    }
  }

  private long answer(MapReader reader, long address) {
    Translation found = reader.translate(machine.space, address, 4, Access.READ);
    return found.isAssigned()
        ? Checksums.answer(found.offset(), found.section().region() instanceof MemoryRegion.Memory)
        : address;
  }

  private void commit() {
    long due = System.nanoTime();
    while (committer == Thread.currentThread()) {
      machine.toggle();
      due += COMMIT_PERIOD_NANOS;
      LockSupport.parkNanos(due - System.nanoTime());
    }
  }

  MapReader newReader() {
    return machine.memory.newReader("bench");
  }

  AddressSpace space() {
    return machine.space;
  }

  /**
   * Takes it apart.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  @TearDown(Level.Trial)
  public void close() throws InterruptedException {
    Thread ending = committer;
    committer = null;
    if (ending != null) {
      ending.join();
    }
    machine.close();
  }
}
