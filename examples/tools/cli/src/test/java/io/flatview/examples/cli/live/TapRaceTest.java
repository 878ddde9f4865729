package io.flatview.examples.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.TapFilter;
import io.flatview.memory.TapRegistration;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.EachFlavour;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Taps come and go while two threads access what they watch and the map moves. Forbidden: a call after the removal's
 * stage completed, and a store that a tap saw but memory lost.
 */
class TapRaceTest {

  private static final int ROUNDS = 1_500;
  private static final int WORD = 8;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong stores = new AtomicLong();

  /** A tap whose life the test knows. */
  private final class Watched {
    private volatile boolean quiesced;
    private final AtomicInteger inside = new AtomicInteger();

    void accessed() {
      inside.incrementAndGet();
      if (quiesced) {
        late.incrementAndGet();
      }
      calls.incrementAndGet();
      inside.decrementAndGet();
    }
  }

  private void hart(DispatchMemory memory, AddressSpace space, int number) {
    try (MapReader reader = memory.newReader("hart" + number)) {
      long own = 0x1000 + (long) number * WORD;
      for (long value = 1; !stop.get(); value++) {
        reader.store(space, own, WORD, value);
        assertEquals(value, reader.load(space, own, WORD));
        stores.incrementAndGet();
        reader.quiescent();
      }
    }
  }

  @ParameterizedTest
  @EachFlavour
  void noCallFollowsTheEndOfARemoval(String flavour) throws Exception {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour);
        DispatchMemory memory = DispatchMemory.create(policy)) {
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      MemoryRegion.Ram ram = memory.ram("ram", Size.kib(4));
      MemoryRegion.Ram spare = memory.ram("spare", Size.kib(4));
      memory.update(tx -> tx.addSubregion(system, 0x1000, ram).addSubregion(system, 0x10000, spare));
      AddressSpace space = memory.addressSpace("memory", system);
      AtomicLong failures = new AtomicLong();
      Thread[] harts = new Thread[2];
      for (int i = 0; i < harts.length; i++) {
        int number = i;
        harts[i] = Thread.ofPlatform().uncaughtExceptionHandler((_, _) -> failures.incrementAndGet())
            .start(() -> hart(memory, space, number));
      }
      for (int round = 0; round < ROUNDS; round++) {
        Watched watched = new Watched();
        TapRegistration tap = round % 2 == 0
            ? memory.tap(ram, TapFilter.of(new AddressRange(0, 0xff)), _ -> watched.accessed())
            : memory.tap(space, TapFilter.stores(new AddressRange(0x1000, 0x1007)), _ -> watched.accessed());
        long offset = 0x10000 + (round % 7) * 0x1000L;
        memory.update(tx -> tx.setAddress(spare, offset));
        tap.remove().toCompletableFuture().get(30, TimeUnit.SECONDS);
        watched.quiesced = true;
        assertEquals(0, watched.inside.get(), "a call was under way when the stage completed");
      }
      long before = calls.get();
      try (TapRegistration _ = memory.tap(ram, TapFilter.of(new AddressRange(0, 0xff)), _ -> calls.incrementAndGet())) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (calls.get() == before && System.nanoTime() < deadline) {
          Thread.onSpinWait();
        }
      }
      stop.set(true);
      for (Thread hart : harts) {
        hart.join();
      }
      assertEquals(0, failures.get(), "a hart lost a store");
      assertEquals(0, late.get(), "calls after the end of a removal");
      assertTrue(calls.get() > before && stores.get() > 0, "the harts were watched: " + calls + " of " + stores);
    }
  }
}
