package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicy;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One thread selects and commits, two others load. A load of 8 bytes that crosses from one section of a variant into
 * another, or from one window on a bank into another, reads bytes of one variant only.
 */
class BankRaceTest {

  private static final int VARIANTS = 8;
  private static final int PAGE = 0x1000;
  private static final int ENOUGH = 100;

  /** For how much longer than planned a race goes on, on a machine so slow that it has proved nothing. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Crosses sections of a variant; from one window on the bank into the next; lies within one section. */
  private static final long[] PLACES = {0x8000 + PAGE / 2 - 3, 0x8000 + PAGE - 5, 0x8000 + 0x10};

  /** How 8 bytes are read. */
  private interface Load {
    long at(MapReader reader, AddressSpace space, long address);
  }

  /** What an access would be that looked at the bank with each of its pieces. */
  private static long inHalves(MapReader reader, AddressSpace space, long address) {
    return reader.load(space, address, 4) | reader.load(space, address + 4, 4) << 32;
  }

  static List<Named<Supplier<ReclaimPolicy>>> policies() {
    return OnAPolicy.policies().toList();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void noAccessMixesVariants(Supplier<ReclaimPolicy> policy) {
    Load whole = (reader, space, address) -> reader.load(space, address, 8);
    assertEquals(List.of(), mixed(policy.get(), whole, Duration.ofMillis(400)));
  }

  @Test
  void aReaderThatLooksAtTheBankTwiceIsCaught() {
    assertTrue(!mixed(OnAPolicy.policies().toList().getFirst().getPayload().get(), BankRaceTest::inHalves,
        Duration.ofSeconds(60)).isEmpty(), "no load was mixed");
  }

  /** The values that are of no variant, up to the first few; returns with the first of them, or when time is up. */
  private static List<String> mixed(ReclaimPolicy policy, Load load, Duration time) {
    try (policy; DispatchMemory memory = DispatchMemory.create(policy)) {
      Race race = new Race(memory, load, time);
      race.run();
      return race.mixed;
    }
  }

  /** A bank that shows at two places side by side, with variants of two sections each. */
  private static final class Race {

    private final DispatchMemory memory;
    private final MemoryRegion.Bank bank;
    private final MemoryRegion.Container system;
    private final AddressSpace space;
    private final Load load;
    private final long end;
    private final List<String> mixed = new CopyOnWriteArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong loads = new AtomicLong();

    Race(DispatchMemory memory, Load load, Duration time) {
      this.memory = memory;
      this.load = load;
      this.end = System.nanoTime() + time.toNanos();
      bank = memory.bank("bank", Size.bytes(PAGE), VARIANTS);
      system = memory.container("system", Size.kib(64));
      space = memory.addressSpace("space", system);
      MemoryRegion again = memory.alias("again", bank, 0, Size.bytes(PAGE));
      memory.update(tx -> tx.addSubregion(system, 0x8000, bank).addSubregion(system, 0x8000 + PAGE, again));
      for (int i = 0; i < VARIANTS; i++) {
        int number = i;
        MemoryRegion.Container variant = memory.container("variant " + i, Size.bytes(PAGE));
        memory.update(tx -> tx.setVariant(bank, number, variant)
            .addSubregion(variant, 0, filled("low " + number, number))
            .addSubregion(variant, PAGE / 2, filled("high " + number, number)));
      }
      bank.select(0);
    }

    private MemoryRegion filled(String name, int value) {
      MemoryRegion.Rom rom = memory.rom(name, Size.bytes(PAGE / 2));
      rom.copyIn(0, MemorySegment.ofArray(new byte[PAGE / 2]).fill((byte) value));
      return rom;
    }

    void run() {
      List<Thread> threads = List.of(start("selects", this::select), start("loads", this::read),
          start("loads too", this::read), start("commits", this::commit));
      threads.forEach(OnARacingMachine::join);
      if (failure.get() != null) {
        throw new AssertionError(failure.get());
      }
      assertTrue(hasProved(), () -> loads + " loads prove nothing");
    }

    private Thread start(String name, Runnable work) {
      return Thread.ofPlatform().name(name).start(() -> {
        try {
          work.run();
        } catch (Throwable e) {
          failure.compareAndSet(null, e);
          over.set(true);
        }
      });
    }

    private boolean goesOn() {
      long left = end - System.nanoTime();
      return !over.get() && (left > 0 || !hasProved() && left > -PATIENCE.toNanos());
    }

    private boolean hasProved() {
      return loads.get() > ENOUGH || !mixed.isEmpty();
    }

    private void select() {
      for (int i = 0; goesOn(); i++) {
        bank.select(i * 5 % VARIANTS);
      }
    }

    private void commit() {
      for (int i = 0; goesOn(); i++) {
        boolean readOnly = i % 2 == 0;
        memory.update(tx -> tx.setReadOnly(bank, readOnly));
        Thread.yield();
      }
    }

    private void read() {
      try (MapReader reader = memory.newReader(Thread.currentThread().getName())) {
        while (goesOn()) {
          try (ReadSection _ = reader.enter()) {
            for (int i = 0; i < 100; i++) {
              look(load.at(reader, space, PLACES[i % PLACES.length]));
            }
          }
          reader.quiescent();
        }
      }
    }

    private void look(long value) {
      loads.incrementAndGet();
      if (value != (value & 0xff) * 0x0101_0101_0101_0101L) {
        mixed.add(Long.toHexString(value));
        over.set(true);
      }
    }
  }
}
