package io.flatview.examples.vhost.queue;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.examples.vhost.host.Event;
import io.flatview.examples.vhost.host.EventWait;
import io.flatview.examples.vhost.memory.Iotlb;
import io.flatview.examples.virtio.QueueJournal;
import io.flatview.examples.virtio.VirtQueue;
import io.flatview.examples.virtio.VirtioDevice;
import io.flatview.examples.virtio.VirtioRequest;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemorySystem;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ThreadConfined;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves one queue from its start to its end, in a thread with a reader of its own.
 *
 * <p>Requests are taken in batches, in one section each, so that a batch costs one entry and all its descriptors are
 * found in one generation of the map. Each is served outside of any section, since a file takes its time: buffers are
 * windows, which keep their memory by themselves. While the thread waits for a kick or a file it is offline.
 *
 * <p>What a driver gets wrong ends the service: the ring is broken until the front end starts it again. So does memory
 * that throws, which a front end can make of any file by cutting it.
 */
@ThreadConfined
public final class QueueThread {

  private static final System.Logger LOG = System.getLogger(QueueThread.class.getName());
  private static final int BATCH = 64;
  private static final int POLLING_MILLIS = 1;
  private static final long MISS_PATIENCE_MILLIS = 5_000;
  private static final long MISS_STEP_MILLIS = 50;

  /** What a queue's thread needs of its session. */
  public interface Surroundings {

    /** The device. */
    VirtioDevice device();

    /** The map. */
    MemorySystem memory();

    /** What the IOMMU maps. */
    Iotlb iotlb();

    /** Asks the front end for what an access missed. May block. */
    void ask(Iotlb.Miss miss) throws IOException;

    /** Counts. */
    QueueCounters counters();
  }

  /** An access that found nothing in the IOTLB was not granted in time, or the thread is to end. */
  private static final class NotGranted extends Exception {
    private static final long serialVersionUID = 1L;

    NotGranted(Throwable cause) {
      super(cause);
    }
  }

  /** A step that may miss in the IOTLB, and is done once more then. */
  private interface Step<T> {
    T run();
  }

  private final Surroundings surroundings;
  private final Setup setup;
  private final Outlet call;
  private final Outlet error;
  private final VirtQueue queue;
  private final Event wake;
  private final Thread thread;
  private final List<VirtioRequest> batch = new ArrayList<>(BATCH);
  private volatile boolean ending;
  private volatile long served;
  private volatile boolean holding;
  private MapReader reader;

  /** The last request whose return went well, if not its interrupt. */
  private VirtioRequest completed;

  /**
   * Starts a thread.
   *
   * @param surroundings of its session
   * @param setup how to serve
   * @param call signalled for requests that were returned
   * @param error signalled when the ring is broken
   * @throws IOException if the process has too many descriptors
   */
  public QueueThread(Surroundings surroundings, Setup setup, Outlet call, Outlet error) throws IOException {
    this.surroundings = surroundings;
    this.setup = setup;
    this.call = call;
    this.error = error;
    this.queue = new VirtQueue(
        setup.addresses(), setup.features(), setup.inFlight() == null ? QueueJournal.NONE : setup.inFlight());
    this.queue.resume(setup.base(), 0);
    this.wake = Event.create();
    this.thread = Thread.ofPlatform().name(setup.name()).daemon().start(this::run);
  }

  private void run() {
    try (MapReader own = surroundings.memory().newReader(setup.name())) {
      reader = own;
      serve();
    } catch (NotGranted e) {
      if (!ending) {
        broken(e.getCause());
      }
    } catch (Throwable e) {
      broken(e);
    }
  }

  private void serve() throws NotGranted {
    queue.attach(new DmaPort(reader, setup.rings()), new DmaPort(reader, setup.buffers()));
    DmaPort port = new DmaPort(reader, setup.buffers());
    recover(port);
    EventWait wait = setup.kick() == null ? new EventWait(wake) : new EventWait(setup.kick(), wake);
    while (!ending) {
      serveAll(port);
      if (!ending && !retried(queue::wantKick)) {
        sleep(wait);
      }
    }
  }

  /** What another thread or process has taken and not returned comes first. */
  private void recover(DmaPort port) throws NotGranted {
    int used = retried(queue::usedIndex);
    List<Integer> heads = setup.inFlight() == null ? List.of() : setup.inFlight().recover(used);
    queue.resume(heads.isEmpty() ? setup.base() : used + heads.size(), used);
    for (int head : heads) {
      serve(retried(() -> queue.chain(head)), port);
    }
    if (!heads.isEmpty()) {
      signal(call);
    }
  }

  private void sleep(EventWait wait) {
    reader.offline();
    try {
      wait.await(setup.kick() == null ? POLLING_MILLIS : -1);
      surroundings.counters().kick();
    } finally {
      reader.online();
    }
  }

  private void serveAll(DmaPort port) throws NotGranted {
    retried(() -> {
      queue.ignoreKicks();
      return null;
    });
    while (!ending && take()) {
      serveBatch(port);
      reader.quiescent();
    }
  }

  private boolean take() throws NotGranted {
    batch.clear();
    try {
      takeMore();
    } catch (DmaException e) {
      if (batch.isEmpty()) {
        awaitGrant(e);
        return take();
      }
      // What is in the batch is served first; the next look at the queue throws again.
    }
    return !batch.isEmpty();
  }

  private void takeMore() {
    try (ReadSection _ = reader.enter()) {
      while (batch.size() < BATCH) {
        VirtioRequest request = queue.poll();
        if (request == null) {
          return;
        }
        batch.add(request);
      }
    }
  }

  private void serveBatch(DmaPort port) throws NotGranted {
    int done = 0;
    try {
      for (; done < batch.size(); done++) {
        serve(batch.get(done), port);
      }
    } finally {
      queue.putBack(batch.size() - done);
    }
  }

  private void serve(VirtioRequest request, DmaPort port) throws NotGranted {
    holding = true;
    try {
      retried(() -> {
        surroundings.device().serve(request, port);
        return null;
      });
      surroundings.counters().request();
      if (retried(() -> returned(request))) {
        signal(call);
      }
    } finally {
      served++;
      holding = false;
    }
  }

  /** In one section; done once more, it does no harm. */
  private boolean returned(VirtioRequest request) {
    try (ReadSection _ = reader.enter()) {
      if (request != completed) {
        queue.complete(request);
        completed = request;
      }
      return queue.wantsInterrupt();
    }
  }

  private void signal(Outlet outlet) {
    try (ReadSection _ = reader.enter()) {
      outlet.signal();
    }
    surroundings.counters().call();
  }

  /** Does a step; as long as the IOTLB lacks something for it, asks for that, waits, and does it once more. */
  private <T> T retried(Step<T> step) throws NotGranted {
    while (true) {
      try {
        return step.run();
      } catch (DmaException e) {
        awaitGrant(e);
      }
    }
  }

  private void awaitGrant(DmaException cause) throws NotGranted {
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
      if (ending || System.nanoTime() - deadline > 0) {
        throw new NotGranted(cause);
      }
      surroundings.ask(miss);
      surroundings.iotlb().awaitMapped(miss, MISS_STEP_MILLIS);
    }
  }

  private void broken(Throwable cause) {
    surroundings.counters().broken();
    LOG.log(WARNING, setup.name() + " is broken until it is started again: " + cause,
        cause instanceof DmaException ? null : cause);
    try (ReadSection _ = surroundings.memory().reader().enter()) {
      error.signal();
    } catch (Throwable e) {
      LOG.log(WARNING, setup.name() + " cannot say that it is broken", e);
    }
  }

  /**
   * Waits until no request is served that began before the call: what the IOTLB mapped until then is in use no more. A
   * request that waits for the IOTLB itself holds nothing.
   */
  public void awaitServed() {
    long before = served;
    while (holding && served == before && thread.isAlive()) {
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  /**
   * Ends the service once the requests that were taken are done, and waits for that.
   *
   * @return the index of the first request that was not taken
   */
  public int end() {
    ending = true;
    wake.signal();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    wake.close();
    return queue.seen();
  }
}
