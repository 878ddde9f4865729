package io.flatview.examples.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.ListenerException;
import io.flatview.memory.MapChange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import io.flatview.rcu.contract.EachFlavour;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Three listeners, of which one throws at each point in turn at which it is called, for thousands of commits, while
 * readers look. Forbidden: a reader that sees half a commit, a listener whose mirror differs from the view after a
 * commit was given up, a commit that is neither there nor taken back, a ticket that never completes.
 */
class ListenerStormTest {

  private static final int ROUNDS = 3_000;
  private static final long LEFT = 0x1000;
  private static final long RIGHT = 0x9000;
  private static final long STAMP = 0x5a5a_0001L;

  /** Keeps a copy by its calls; throws at the call whose number is asked for. */
  private static final class Mirror implements MemoryListener {
    private final int priority;
    private final boolean[] thrown;
    private final boolean deaf;
    private final TreeMap<Long, MemoryRegionSection> sections = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int failAt = -1;
    private int calls;

    /**
     * {@code thrown} is shared, and says whether a listener threw in this round; one that is deaf hears nothing then.
     */
    Mirror(int priority, boolean[] thrown, boolean deaf) {
      this.priority = priority;
      this.thrown = thrown;
      this.deaf = deaf;
    }

    private void call() {
      if (calls++ == failAt) {
        thrown[0] = true;
        throw new IllegalStateException("call " + failAt);
      }
    }

    @Override
    public int priority() {
      return priority;
    }

    @Override
    public boolean wantsNops() {
      return priority > 0;
    }

    @Override
    public void plan(MapChange change) {
      call();
    }

    @Override
    public void begin(MapChange change) {
      call();
    }

    @Override
    public void regionDel(MemoryRegionSection section) {
      call();
      if (!(deaf && thrown[0]) && !sections.remove(section.range().first(), section)) {
        wrong.add("del of what was not there: " + section);
      }
    }

    @Override
    public void regionAdd(MemoryRegionSection section) {
      call();
      if (!(deaf && thrown[0]) && sections.put(section.range().first(), section) != null) {
        wrong.add("add over what is there: " + section);
      }
    }

    @Override
    public void regionNop(MemoryRegionSection section) {
      call();
    }

    @Override
    public void commit(MapChange change) {
      call();
    }
  }

  /** Two windows on two pieces of RAM that always stand on opposite sides: the swap is one commit. */
  private static final class Machine {
    final MemoryRegion.Ram one;
    final MemoryRegion.Ram two;
    final AddressSpace space;

    Machine(DispatchMemory memory) {
      MemoryRegion.Container system = memory.container("system", Size.FULL);
      one = memory.ram("one", Size.kib(4));
      two = memory.ram("two", Size.kib(4));
      memory.update(tx -> tx.addSubregion(system, LEFT, one).addSubregion(system, RIGHT, two));
      space = memory.addressSpace("memory", system);
      try (MapReader reader = memory.newReader("loader")) {
        reader.store(space, LEFT, 8, STAMP);
        reader.store(space, RIGHT, 8, ~STAMP);
      }
    }
  }

  private static void read(DispatchMemory memory, Machine machine, AtomicBoolean stop, AtomicLong bad, AtomicLong all) {
    try (MapReader reader = memory.newReader("reader")) {
      while (!stop.get()) {
        try (ReadSection _ = reader.enter()) {
          long left = reader.load(machine.space, LEFT, 8);
          long right = reader.load(machine.space, RIGHT, 8);
          if (left != ~right || (left != STAMP && right != STAMP)) {
            bad.incrementAndGet();
          }
        }
        all.incrementAndGet();
        reader.quiescent();
      }
    }
  }

  @ParameterizedTest
  @EachFlavour
  void aFailureAtAnyPointLeavesNoHalfCommit(String flavour) throws Exception {
    try (ReclaimPolicy policy = ReclaimPolicies.discover(flavour);
        DispatchMemory memory = DispatchMemory.create(policy)) {
      Machine machine = new Machine(memory);
      List<Mirror> mirrors = mirrors(machine, false);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong bad = new AtomicLong();
      AtomicLong sections = new AtomicLong();
      Thread[] readers = new Thread[2];
      for (int i = 0; i < readers.length; i++) {
        readers[i] = Thread.ofPlatform().start(() -> read(memory, machine, stop, bad, sections));
      }
      Outcomes outcomes = new Outcomes();
      for (int round = 0; round < ROUNDS; round++) {
        outcomes.add(round(memory, machine, mirrors, round));
      }
      stop.set(true);
      for (Thread reader : readers) {
        reader.join();
      }
      assertEquals(0, bad.get(), "sections that saw half a commit, of " + sections);
      assertTrue(outcomes.given > ROUNDS / 10 && outcomes.late > 0 && outcomes.done > 0, outcomes::toString);
    }
  }

  private static List<Mirror> mirrors(Machine machine, boolean deaf) {
    boolean[] thrown = {false};
    List<Mirror> mirrors =
        List.of(new Mirror(-1, thrown, false), new Mirror(0, thrown, deaf), new Mirror(1, thrown, false));
    mirrors.forEach(machine.space::addListener);
    return mirrors;
  }

  /** As it would be if nothing were taken back. */
  @Test
  void aListenerThatIsNotToldTheInverseIsNoticed() {
    try (ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
        DispatchMemory memory = DispatchMemory.create(policy)) {
      Machine machine = new Machine(memory);
      List<Mirror> mirrors = mirrors(machine, true);
      assertThrows(AssertionError.class, () -> {
        for (int round = 0; round < 100; round++) {
          round(memory, machine, mirrors, round);
        }
      });
    }
  }

  private enum Outcome { DONE, GIVEN_UP, LATE }

  private static final class Outcomes {
    private int done;
    private int given;
    private int late;

    void add(Outcome outcome) {
      switch (outcome) {
        case DONE -> done++;
        case GIVEN_UP -> given++;
        case LATE -> late++;
      }
    }

    @Override
    public String toString() {
      return done + " done, " + given + " given up, " + late + " reported after publication";
    }
  }

  /** Swaps the two, or tries to; the failing listener and its failing call change from round to round. */
  private static Outcome round(DispatchMemory memory, Machine machine, List<Mirror> mirrors, int round)
      throws Exception {
    Mirror failing = mirrors.get(round % mirrors.size());
    mirrors.forEach(mirror -> mirror.calls = 0);
    failing.thrown[0] = false;
    failing.failAt = round / mirrors.size() % 8;
    long before = machine.one.address();
    long generation = memory.generation();
    Outcome outcome = Outcome.DONE;
    CommitTicket ticket = null;
    try {
      ticket = memory.update(tx -> tx
          .setAddress(machine.one, before == LEFT ? RIGHT : LEFT)
          .setAddress(machine.two, before == LEFT ? LEFT : RIGHT));
    } catch (MapException e) {
      outcome = Outcome.GIVEN_UP;
    } catch (ListenerException e) {
      outcome = Outcome.LATE;
      ticket = e.ticket();
    }
    failing.failAt = -1;
    boolean swapped = machine.one.address() != before;
    assertEquals(outcome != Outcome.GIVEN_UP, swapped, "the tree");
    assertEquals(generation + (swapped ? 1 : 0), memory.generation());
    for (Mirror mirror : mirrors) {
      assertEquals(List.of(), mirror.wrong);
      assertEquals(machine.space.flatView().sections(), List.copyOf(mirror.sections.values()), "a mirror");
    }
    if (ticket != null && round % 16 == 0) {
      ticket.quiesced().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
    return outcome;
  }
}
