package io.flatview.dispatch;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapChange;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;

/** Memory systems with callbacks that change each other, in threads that hold what the others want. */
abstract class OnManyMaps extends OnAMachine {

  static final long AT = 0x1000;

  private final List<DispatchMemory> made = new ArrayList<>();

  /** The errors that threads got in place of a map's lock. */
  final ConcurrentLinkedQueue<IllegalStateException> refused = new ConcurrentLinkedQueue<>();

  @AfterEach
  void closeAll() {
    made.forEach(DispatchMemory::close);
  }

  /** A memory system with a name, and a space on a bus of its own. */
  final class Side {

    final DispatchMemory map;
    final MemoryRegion.Container bus;
    final AddressSpace space;

    Side(String name) {
      map = DispatchMemory.create(policy, DispatchOptions.defaults().withName(name));
      made.add(map);
      bus = map.container(name + " bus", Size.FULL);
      space = map.addressSpace(name + " space", bus);
    }

    void place(long at, MemoryRegion region) {
      map.update(tx -> tx.addSubregion(bus, at, region));
    }

    /** A change that the listener does not take for the one that it answers. */
    void change() {
      place(0x10000, map.ram("changed by another", Size.kib(4)));
    }

    boolean shows(long at) {
      return space.flatView().find(at).isPresent();
    }

    /** The result of a load by the calling thread. */
    MemTxResult resultOfLoad(long at) {
      map.reader().load(space, at, 4);
      return map.reader().lastResult();
    }

    /** Makes calls while a listener has the map's lock. */
    void underItsLock(Runnable calls) {
      AddressSpace.Registration listening = space.addListener(new MemoryListener() {
        private boolean called;

        @Override
        public void plan(MapChange change) {
          if (!called && shown(change)) {
            called = true;
            calls.run();
          }
        }
      });
      try {
        place(AT, map.ram("own", Size.kib(4)));
      } finally {
        listening.close();
      }
    }

    private boolean shown(MapChange change) {
      return change.added().stream().anyMatch(section -> section.region().name().equals("own"));
    }
  }

  void orRefused(Runnable change) {
    try {
      change.run();
    } catch (IllegalStateException circle) {
      refused.add(circle);
      throw circle;
    }
  }

  /** All of these threads end; returns what they threw. */
  static List<Throwable> ended(List<CompletableFuture<Object>> threads) throws InterruptedException {
    List<Throwable> thrown = new ArrayList<>();
    for (CompletableFuture<Object> thread : threads) {
      try {
        thread.get(60, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        thrown.add(e.getCause());
      } catch (TimeoutException e) {
        throw new AssertionError("each waits for the other", e);
      }
    }
    return thrown;
  }

  static CompletableFuture<Object> thread(Runnable work) {
    return OnTwoThreads.run(() -> {
      work.run();
      return OnTwoThreads.nothing();
    });
  }

  static void meet(CyclicBarrier all) {
    try {
      all.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
