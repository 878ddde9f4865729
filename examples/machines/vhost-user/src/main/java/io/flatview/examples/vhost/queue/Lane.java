package io.flatview.examples.vhost.queue;

import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.examples.vhost.memory.Iotlb;
import io.flatview.examples.virtio.VirtioRequest;
import io.flatview.memory.MapReader;
import io.flatview.rcu.ThreadConfined;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * The way of one thread to a queue's memory and to the device: a reader of its own, and patience with the IOTLB.
 * Confined to that thread but for {@link #awaitServed}.
 */
@ThreadConfined
final class Lane implements AutoCloseable {

  private static final long MISS_PATIENCE_MILLIS = 5_000;
  private static final long MISS_STEP_MILLIS = 50;

  /** A step that may miss in the IOTLB, and is done once more then. */
  interface Step<T> {
    T run();
  }

  private final Surroundings surroundings;
  private final BooleanSupplier ending;
  private final MapReader reader;
  private final DmaPort port;
  private final long features;
  private volatile long served;
  private volatile boolean holding;

  /**
   * A lane for the calling thread.
   *
   * @param name of its reader
   * @param surroundings of the session
   * @param setup of the queue
   * @param ending whether a miss is no longer waited for
   */
  Lane(String name, Surroundings surroundings, Setup setup, BooleanSupplier ending) {
    this.surroundings = surroundings;
    this.ending = ending;
    this.reader = surroundings.memory().newReader(name);
    this.port = new DmaPort(reader, setup.buffers());
    this.features = setup.queue().features();
  }

  MapReader reader() {
    return reader;
  }

  /** Has the device serve a request, outside of any section. */
  void serve(VirtioRequest request) throws NotGranted {
    holding = true;
    try {
      retried(() -> {
        surroundings.device().serve(request, features, port);
        return null;
      });
    } finally {
      served++;
      holding = false;
    }
  }

  /** Does a step; as long as the IOTLB lacks something for it, asks for that, waits, and does it once more. */
  <T> T retried(Step<T> step) throws NotGranted {
    while (true) {
      try {
        return step.run();
      } catch (DmaException e) {
        awaitGrant(e);
      }
    }
  }

  /** Waits for what the calling thread missed last; if it missed nothing, the failure has another cause. */
  void awaitGrant(DmaException cause) throws NotGranted {
    Iotlb.Miss miss = surroundings.iotlb().takeMiss();
    if (miss == null) {
      throw cause;
    }
    surroundings.counters().miss();
    boolean held = holding;
    holding = false;
    reader.offline();
    try {
      awaitGrant(miss, cause);
    } catch (IOException | InterruptedException e) {
      throw new NotGranted(e);
    } finally {
      reader.online();
      holding = held;
    }
  }

  /** Asks again and again, since an answer may be invalidated before this thread sees it. */
  private void awaitGrant(Iotlb.Miss miss, DmaException cause)
      throws NotGranted, IOException, InterruptedException {
    long deadline = System.nanoTime() + MISS_PATIENCE_MILLIS * 1_000_000;
    while (!surroundings.iotlb().isMapped(miss)) {
      if (ending.getAsBoolean() || System.nanoTime() - deadline > 0) {
        throw new NotGranted(cause);
      }
      surroundings.ask(miss);
      surroundings.iotlb().awaitMapped(miss, MISS_STEP_MILLIS);
    }
  }

  /**
   * Waits until no request is served that began before the call. A request that waits for the IOTLB itself holds
   * nothing. Called by any thread.
   *
   * @param alive whether the thread of this lane lives
   */
  void awaitServed(BooleanSupplier alive) {
    long before = served;
    while (holding && served == before && alive.getAsBoolean()) {
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
