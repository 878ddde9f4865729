package io.flatview.examples.races.memory;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A machine that one thread changes and another uses, until the first has done its rounds. */
final class Scene implements AutoCloseable {

  static final long BASE = 0x10_0000;
  static final long SIZE = 0x4000;
  private static final Duration LIMIT = Duration.ofSeconds(240);

  final ReclaimPolicy policy;
  final DispatchMemory memory;
  final MemoryRegion.Container system;
  final AddressSpace space;
  private final CyclicBarrier start = new CyclicBarrier(2);
  private volatile long uses;
  private volatile boolean done;

  Scene(ReclaimPolicy policy) {
    this.policy = policy;
    memory = DispatchMemory.create(policy);
    system = memory.container("system", Size.FULL);
    space = memory.addressSpace("memory", system);
  }

  /** Memory with the same byte everywhere. */
  MemoryRegion.Ram filled(int value) {
    MemoryRegion.Ram ram = memory.ram("ram " + value, Size.bytes(SIZE));
    fill(ram, value);
    return ram;
  }

  static void fill(MemoryRegion.Ram ram, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment content = arena.allocate(SIZE);
      content.fill((byte) value);
      ram.copyIn(0, content);
    }
  }

  /** Runs both to the end: rounds of the changer, and the user with a reader of its own again and again. */
  void run(int rounds, Round changer, Consumer<MapReader> user) throws Exception {
    List<CompletableFuture<Void>> both = new ArrayList<>();
    both.add(thread("changer", () -> {
      try {
        for (int i = 0; i < rounds && !done; i++) {
          changer.run(i);
          awaitUse();
        }
      } finally {
        done = true;
      }
    }));
    both.add(thread("user", () -> use(user)));
    for (CompletableFuture<Void> one : both) {
      await(one);
    }
  }

  /** Waits until the user has come round once more, which it does in any case; else one core would run them in turn. */
  void awaitUse() {
    long seen = uses;
    while (uses == seen && !done) {
      Thread.yield();
    }
  }

  private void use(Consumer<MapReader> user) {
    MapReader reader = memory.newReader("user");
    try {
      do {
        user.accept(reader);
        uses++;
        reader.quiescent();
      } while (!done);
    } finally {
      reader.close();
    }
  }

  private CompletableFuture<Void> thread(String name, Work work) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread.ofPlatform().name(name).daemon().start(() -> {
      try {
        start.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
        work.run();
        end.complete(null);
      } catch (Throwable e) {
        done = true;
        end.completeExceptionally(e);
      }
    });
    return end;
  }

  private static void await(CompletableFuture<Void> end) throws Exception {
    try {
      end.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("a thread does not end: deadlock", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) e.getCause();
    }
  }

  static void quiesce(CommitTicket ticket) throws Exception {
    ticket.quiesced().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** Everything the scene used must be given back. */
  @Override
  public void close() {
    memory.close();
    policy.barrier();
    policy.close();
    if (memory.statistics().ramBlocks() != 0) {
      throw new AssertionError(memory.statistics() + " after the end");
    }
  }

  /** One change. */
  @FunctionalInterface
  interface Round {
    void run(int number) throws Exception;
  }

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }
}
