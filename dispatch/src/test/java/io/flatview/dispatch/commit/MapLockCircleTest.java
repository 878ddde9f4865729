package io.flatview.dispatch.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.access.AccessChains;
import io.flatview.dispatch.waits.Circle;
import io.flatview.dispatch.waits.Wait;
import io.flatview.dispatch.waits.WaitGraph;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that take the locks of several maps, with a graph that is sound, and with broken twins of it. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MapLockCircleTest {

  private static final int LOCKS = 6;
  private static final int THREADS = 4;
  private static final int ROUNDS = 500;

  private final ReclaimPolicy policy = new ManualReclaimPolicy();
  private final ConcurrentLinkedQueue<IllegalStateException> refused = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    policy.close();
  }

  /** A graph that finds only circles up to a length, until it is healed. */
  private static final class Blind extends WaitGraph {

    private final int longest;
    private final Map<Thread, Wait> begun = new ConcurrentHashMap<>();
    private volatile boolean healed;

    Blind(int longest) {
      this.longest = longest;
    }

    @Override
    public synchronized void begin(Wait wait) {
      begun.put(wait.thread(), wait);
      super.begin(wait);
    }

    @Override
    public synchronized Circle endIfCircle(Thread waiting, boolean atAnyPrice) {
      Circle circle = super.endIfCircle(waiting, atAnyPrice);
      if (circle == null || healed || circle.waits().size() <= longest) {
        return circle;
      }
      super.begin(begun.get(waiting));
      return null;
    }
  }

  /** A graph that takes a row of waits for a circle. */
  private static final class Hasty extends WaitGraph {

    private final Map<Thread, Wait> begun = new ConcurrentHashMap<>();

    @Override
    public synchronized void begin(Wait wait) {
      begun.put(wait.thread(), wait);
      super.begin(wait);
    }

    @Override
    public synchronized void end(Thread thread) {
      begun.remove(thread);
      super.end(thread);
    }

    @Override
    public synchronized Circle endIfCircle(Thread waiting, boolean atAnyPrice) {
      Wait own = begun.get(waiting);
      Thread holder = own.wanted().holder();
      Wait next = holder == null ? null : begun.get(holder);
      return next == null ? super.endIfCircle(waiting, atAnyPrice) : new Circle(List.of(own, next));
    }
  }

  private List<MapLock> locks(int count, WaitGraph graph) {
    return IntStream.range(0, count).mapToObj(i -> {
      MapLock lock = new MapLock("map " + i, graph, policy, new AccessChains(), new Handovers(policy));
      lock.settledBy(new MapLock.Unfinished() {
        @Override
        public void settle() {}

        @Override
        public void abandonedBy(MapLock.Hold hold) {}
      });
      return lock;
    }).toList();
  }

  /** Threads each of which has a lock and wants the next one's. */
  private List<CompletableFuture<Void>> ring(int count, WaitGraph graph) {
    List<MapLock> locks = locks(count, graph);
    CyclicBarrier all = new CyclicBarrier(count);
    return IntStream.range(0, count)
        .mapToObj(i -> start(() -> locks.get(i).undisturbed(() -> {
          meet(all);
          take(List.of(locks.get((i + 1) % count)));
          return null;
        }))).toList();
  }

  private static CompletableFuture<Void> start(Runnable work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> {
      try {
        work.run();
        done.complete(null);
      } catch (Throwable thrown) {
        done.completeExceptionally(thrown);
      }
    });
    return done;
  }

  /** Takes locks, each within those before; a refusal is noted. */
  private void take(List<MapLock> locks) {
    if (locks.isEmpty()) {
      return;
    }
    try {
      locks.getFirst().undisturbed(() -> {
        take(locks.subList(1, locks.size()));
        return null;
      });
    } catch (IllegalStateException circle) {
      refused.add(circle);
    }
  }

  private static void meet(CyclicBarrier all) {
    try {
      all.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitEnd(List<CompletableFuture<Void>> threads) throws Exception {
    CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
  }

  @Test
  void inARingOfAnyLengthOneThreadIsRefused() throws Exception {
    for (int length = 2; length <= LOCKS; length++) {
      refused.clear();
      awaitEnd(ring(length, new WaitGraph()));
      assertEquals(1, refused.size());
      String text = refused.element().getMessage();
      assertTrue(IntStream.range(0, length).allMatch(i -> text.contains("the map's lock of map " + i)), text);
    }
  }

  /** Broken twins: with a graph that sees no map's lock, or only two, the ring stands still until it is healed. */
  @Test
  void aRingStandsStillIfTheGraphDoesNotSeeIt() throws Exception {
    for (int longest = 0; longest <= 2; longest += 2) {
      Blind twin = new Blind(longest);
      List<CompletableFuture<Void>> threads = ring(3, twin);
      Thread.sleep(300);
      assertFalse(threads.stream().anyMatch(CompletableFuture::isDone));
      twin.healed = true;
      awaitEnd(threads);
    }
  }

  /** Each thread takes some of the locks in their order, with many waits and no circle. */
  @Test
  void locksThatAreTakenInOrderAreNeverRefused() throws Exception {
    List<MapLock> locks = locks(LOCKS, new WaitGraph());
    CyclicBarrier all = new CyclicBarrier(THREADS);
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(i);
      threads.add(start(() -> {
        meet(all);
        for (int round = 0; round < ROUNDS; round++) {
          take(locks.stream().filter(_ -> random.nextBoolean()).toList());
        }
      }));
    }
    awaitEnd(threads);
    assertEquals(List.of(), List.copyOf(refused));
  }

  /** The first has a lock and waits for the second's, which waits for the third's: a row. */
  private void row(WaitGraph graph) throws Exception {
    List<MapLock> locks = locks(3, graph);
    CyclicBarrier all = new CyclicBarrier(3);
    List<Thread> waiting = new CopyOnWriteArrayList<>();
    awaitEnd(IntStream.range(0, 3).mapToObj(i -> start(() -> locks.get(i).undisturbed(() -> {
      meet(all);
      if (i == 2) {
        awaitWaits(waiting);
      } else {
        waiting.add(Thread.currentThread());
        take(List.of(locks.get(i + 1)));
      }
      return null;
    }))).toList());
  }

  private static void awaitWaits(List<Thread> two) {
    while (two.size() < 2 || !two.stream().allMatch(MapLockCircleTest::waits)) {
      Thread.yield();
    }
  }

  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.TERMINATED;
  }

  @Test
  void aRowOfThreadsThatWaitIsNotRefused() throws Exception {
    row(new WaitGraph());
    assertEquals(List.of(), List.copyOf(refused));
  }

  /** A broken twin, which shows that the row would find false alarms. */
  @Test
  void aRowIsRefusedByAGraphThatTakesItForACircle() throws Exception {
    while (refused.isEmpty()) {
      row(new Hasty());
    }
  }
}
