package io.flatview.examples.races.careless;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MapReader;
import io.flatview.memory.MappedWindow;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.Reader;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.ReclaimPolicyProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One machine that careless users share, with something in it that they cannot reach and must not change. */
final class Machine {

  /** What is after the last byte of the {@link #checked} memory: nothing. */
  private static final long END = 0x1000;

  final Pool pool;
  final Path file;
  final boolean wild;
  final Random random;
  final ReclaimPolicy policy;
  final DispatchMemory memory;
  final MemoryRegion.Container system;
  final AddressSpace space;
  final Queue<AutoCloseable> opened = new ConcurrentLinkedQueue<>();

  /** The thread that used a reader last: in qsbr it alone may announce for it. */
  final Map<Object, Thread> users = new ConcurrentHashMap<>();

  /** Callbacks do nothing any more. */
  volatile boolean ending;

  private final AddressSpace checked;
  private final Set<Object> hidden;
  private final AtomicLong added = new AtomicLong();

  Machine(ReclaimPolicy policy, Pool pool, Path file, Random random, boolean wild) {
    this.policy = policy;
    this.pool = pool;
    this.file = file;
    this.random = random;
    this.wild = wild;
    this.memory = DispatchMemory.create(policy);
    this.system = memory.container("system", Size.FULL);
    this.space = memory.addressSpace("memory", system);
    MemoryRegion.Ram ram = memory.ram("checked", Size.bytes(END));
    MemoryRegion.Container root = memory.container("root", Size.FULL);
    this.checked = memory.addressSpace("checked", root);
    this.hidden = Set.of(ram, root, checked);
    memory.update(tx -> tx.addSubregion(root, 0, ram));
    refill();
  }

  /** What must not get lost among what calls return. */
  void refill() {
    List.of(policy, memory, system, space).forEach(each -> pool.add(each, random));
    ServiceLoader.load(ReclaimPolicyProvider.class).forEach(each -> pool.add(each, random));
  }

  /** Whether careless users must not see something. */
  boolean isHidden(Object object) {
    return hidden.contains(object);
  }

  /** An access by a thread's own reader, to memory that careless users cannot reach. */
  void check(MapReader own, int thread, Tally tally) {
    long value = added.incrementAndGet();
    long word = 0x100 + 8L * thread;
    if (own.store(checked, word, 8, value) != MemTxResult.OK || own.load(checked, word, 8) != value) {
      tally.fault("a store was lost");
    }
    own.fetchAndOp(checked, 0, 8, AtomicOp.ADD, 1);
    own.store(checked, END - 1, 1, 0x5a);
    long across = own.load(checked, END - 1, 8);
    if (across != 0x5a || own.lastResult() != MemTxResult.DECODE_ERROR) {
      tally.fault("8 bytes across the end of memory gave " + Long.toHexString(across) + ", " + own.lastResult());
    }
  }

  /** The readers that the calling thread used last hold up no grace period while it does something else. */
  void rest() {
    users.forEach((reader, user) -> {
      if (user == Thread.currentThread()) {
        goOffline(reader);
      }
    });
  }

  /** Ends everything, in any order; reports what is left. */
  void end(Tally tally) {
    if (!wild && memory.reader().load(checked, 0, 8) != added.get()) {
      tally.fault("an addition was lost");
    }
    ending = true;
    users.keySet().forEach(Machine::goOffline);
    within("barrier", () -> quietly(policy::barrier), tally);
    List<AutoCloseable> all = new ArrayList<>(opened);
    all.add(memory);
    if (random.nextBoolean()) {
      all.add(policy);
    }
    Collections.shuffle(all, random);
    all.forEach(each -> within("close of " + each.getClass().getSimpleName(), () -> close(each), tally));
    within("close of the memory system", () -> must(memory::close, tally), tally);
    within("close of the policy", () -> must(policy::close, tally), tally);
    if (!wild && memory.statistics().ramBlocks() != 0) {
      tally.fault(memory.statistics() + " after everything is closed");
    }
  }

  private static void goOffline(Object reader) {
    quietly(reader instanceof MapReader map ? map::offline : ((Reader) reader)::offline);
  }

  private static void close(AutoCloseable each) {
    quietly(() -> {
      if (each instanceof MappedWindow window) {
        window.unmap(0);
      }
    });
    quietly(each::close);
  }

  /** Something that may throw what it likes. */
  interface Step {
    void run() throws Exception;
  }

  static void quietly(Step step) {
    try {
      step.run();
    } catch (Exception e) {
      // It is refused: fine here.
    }
  }

  private static void must(Step step, Tally tally) {
    try {
      step.run();
    } catch (Exception e) {
      tally.fault(e + " at " + List.of(e.getStackTrace()));
    }
  }

  private static void within(String what, Runnable step, Tally tally) {
    CountDownLatch done = new CountDownLatch(1);
    Thread worker = Thread.ofPlatform().daemon().name(what).start(() -> {
      step.run();
      done.countDown();
    });
    try {
      if (!done.await(60, TimeUnit.SECONDS)) {
        tally.fault(what + " does not end: " + List.of(worker.getStackTrace()));
        throw new Stuck(what);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Something does not end. */
  static final class Stuck extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stuck(String what) {
      super(what + " does not end");
    }
  }
}
