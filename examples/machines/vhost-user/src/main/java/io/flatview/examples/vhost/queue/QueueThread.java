package io.flatview.examples.vhost.queue;

import static java.lang.System.Logger.Level.WARNING;

import io.flatview.device.DmaException;
import io.flatview.device.DmaPort;
import io.flatview.examples.vhost.host.Event;
import io.flatview.examples.vhost.host.EventWait;
import io.flatview.examples.virtio.VirtQueue;
import io.flatview.examples.virtio.VirtioRequest;
import io.flatview.memory.MapReader;
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
 * <p>A request that is expected to take long, while there are others, is served by a helper. This thread alone takes
 * and returns requests.
 *
 * <p>What a driver gets wrong ends the service: the ring is broken until the front end starts it again. So does memory
 * that throws, which a front end can make of any file by cutting it.
 */
@ThreadConfined
public final class QueueThread {

  private static final System.Logger LOG = System.getLogger(QueueThread.class.getName());
  private static final int MOST_IN_FLIGHT = 64;
  private static final int POLLING_MILLIS = 1;

  /** A handover and a return cost about as much. */
  private static final long LONG_NANOS = 20_000;

  /** So long a thread does not leave its queue alone, even if it is empty. */
  private static final long VERY_LONG_NANOS = 200_000;

  /** So many requests of some microseconds may be returned before the driver is interrupted for the first. */
  private static final int MOST_UNSIGNALLED = 8;

  /** Of requests that take a microsecond, so many are served between two whose time is taken. */
  private static final int UNMEASURED = 15;

  private final Surroundings surroundings;
  private final Setup setup;
  private final Outlet call;
  private final Outlet error;
  private final VirtQueue queue;
  private final Flight flight;
  private final Pace pace = new Pace();
  private final int mostAtOnce;
  private final Event wake;
  private final Helpers helpers;
  private final Thread thread;
  private final List<Task> batch = new ArrayList<>(MOST_IN_FLIGHT);
  private int unmeasured;
  private int unsignalled;
  private boolean isStarted;
  private volatile boolean ending;
  private volatile Lane lane;
  private MapReader reader;

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
    this.queue = setup.queue();
    this.flight = new Flight(setup.inOrder());
    this.mostAtOnce = Math.min(surroundings.device().mostAtOnce(), MOST_IN_FLIGHT);
    this.wake = Event.create();
    this.helpers = new Helpers(surroundings, setup, mostAtOnce, () -> ending, pace, wake);
    this.thread = Thread.ofPlatform().name(setup.name()).daemon().start(this::run);
  }

  private void run() {
    try (Lane own = new Lane(setup.name(), surroundings, setup, () -> ending)) {
      lane = own;
      reader = own.reader();
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
    EventWait woken = new EventWait(wake);
    EventWait wait = setup.kick() == null ? woken : new EventWait(setup.kick(), wake);
    try {
      recover();
      while (!ending) {
        serveAll(woken);
        if (!ending && !lane.retried(queue::wantKick)) {
          sleep(wait, setup.kick() == null ? POLLING_MILLIS : -1);
        }
      }
      returnAll(woken);
    } finally {
      putBack();
    }
  }

  /** Requests that another thread or process has taken and not returned come first. */
  private void recover() throws NotGranted {
    batch.clear();
    for (VirtioRequest request : lane.retried(() -> queue.start(setup.base()))) {
      batch.add(flight.add(request));
    }
    isStarted = true;
    if (!batch.isEmpty()) {
      serveBatch();
      signal(call);
    }
  }

  /** Until the time limit, a kick, a request that a helper is through with, or the end. */
  private void sleep(EventWait wait, int millis) {
    reader.offline();
    try {
      if (helpers.setAwaited(true)) {
        wait.await(millis);
        surroundings.counters().kick();
      }
    } finally {
      helpers.setAwaited(false);
      reader.online();
    }
  }

  private void serveAll(EventWait woken) throws NotGranted {
    lane.retried(() -> {
      queue.ignoreKicks();
      return null;
    });
    returnDone();
    while (!ending && take()) {
      serveBatch();
      reader.quiescent();
      while (!ending && flight.size() >= MOST_IN_FLIGHT) {
        sleep(woken, -1);
        returnDone();
      }
    }
  }

  private boolean take() throws NotGranted {
    batch.clear();
    try {
      takeMore();
    } catch (DmaException e) {
      if (batch.isEmpty()) {
        lane.awaitGrant(e);
        return take();
      }
      // Requests in the batch are served first; the next look at the queue throws again.
    }
    return !batch.isEmpty();
  }

  private void takeMore() {
    try (ReadSection _ = reader.enter()) {
      while (flight.size() < MOST_IN_FLIGHT) {
        VirtioRequest request = queue.poll();
        if (request == null) {
          return;
        }
        batch.add(flight.add(request));
      }
    }
  }

  private void serveBatch() throws NotGranted {
    for (int i = 0; i < batch.size(); i++) {
      serve(batch.get(i));
    }
    signalReturned();
    returnDone();
  }

  private void serve(Task task) throws NotGranted {
    int kind = Pace.kind(task.request());
    long expected = pace.expected(kind);
    boolean others = flight.size() > 1;
    if (mostAtOnce > 1 && expected > (others ? LONG_NANOS : VERY_LONG_NANOS)) {
      helpers.serve(task, kind);
      return;
    }
    if (expected > LONG_NANOS / 4) {
      signalReturned();
      serveMeasured(task, kind, expected);
    } else if (--unmeasured < 0) {
      serveMeasured(task, kind, expected);
    } else {
      lane.serve(task.request());
    }
    served(task);
  }

  /** After one that took longer than expected, the next is measured as well. */
  private void serveMeasured(Task task, int kind, long expected) throws NotGranted {
    long begin = System.nanoTime();
    lane.serve(task.request());
    long time = System.nanoTime() - begin;
    pace.took(kind, time);
    unmeasured = time > 2 * expected ? 0 : UNMEASURED;
  }

  private void returnDone() throws NotGranted {
    for (Task task = helpers.poll(); task != null; task = helpers.poll()) {
      if (task.failure() != null) {
        throw failed(task.failure());
      }
      served(task);
    }
    signalReturned();
  }

  /** Throws what a helper met, as if this thread had met it. */
  private static NotGranted failed(Throwable failure) {
    return switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case NotGranted e -> e;
      default -> throw new AssertionError("a helper throws no other checked exception", failure);
    };
  }

  private void served(Task task) throws NotGranted {
    surroundings.counters().request();
    task.setServed();
    for (Task next = flight.next(task); next != null; next = flight.next(null)) {
      giveBack(next);
    }
  }

  private void giveBack(Task task) throws NotGranted {
    lane.retried(() -> returned(task));
    if (++unsignalled == MOST_UNSIGNALLED) {
      signalReturned();
    }
  }

  /** If memory fails, it is as if nothing was done. */
  private Void returned(Task task) {
    try (ReadSection _ = reader.enter()) {
      queue.complete(task.request());
      flight.remove(task);
      return null;
    }
  }

  /** Interrupts the driver for what was returned since, if it wants that. */
  private void signalReturned() throws NotGranted {
    if (unsignalled > 0) {
      unsignalled = 0;
      if (lane.retried(queue::wantsInterrupt)) {
        signal(call);
      }
    }
  }

  private void signal(Outlet outlet) {
    try (ReadSection _ = reader.enter()) {
      outlet.signal();
    }
    surroundings.counters().call();
  }

  /** Waits for all that helpers have. */
  private void returnAll(EventWait woken) throws NotGranted {
    returnDone();
    while (flight.size() > 0) {
      sleep(woken, -1);
      returnDone();
    }
  }

  /** Ends the helpers, and gives the requests back that cannot be returned. */
  private void putBack() {
    helpers.close();
    try {
      for (Task task = helpers.poll(); task != null; task = helpers.poll()) {
        if (task.failure() == null) {
          served(task);
        }
      }
      signalReturned();
    } catch (Throwable _) {
      // The service ends by a failure already, or for the same reason.
    }
    flight.latest().forEach(task -> queue.putBack(task.request()));
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
   * Waits until no request is served that began before the call: mappings that the IOTLB had until then are in use no
   * more. A request that waits for the IOTLB itself holds nothing.
   */
  public void awaitServed() {
    Lane own = lane;
    if (own != null) {
      own.awaitServed(thread::isAlive);
    }
    helpers.awaitServed();
  }

  /**
   * Ends the service once the requests that were taken are done, and waits for that.
   *
   * @return where the next thread begins
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
    return isStarted ? queue.base() : setup.base();
  }
}
