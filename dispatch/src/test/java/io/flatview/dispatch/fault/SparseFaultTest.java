package io.flatview.dispatch.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.RamDiscardListener;
import io.flatview.memory.RamDiscardManager;
import io.flatview.memory.SectionAttributes;
import io.flatview.memory.Size;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation on sparse memory fails at each of its steps, once or with all allocations that follow: whatever is
 * thrown, each listener has what the manager says, and the turn is free.
 */
class SparseFaultTest {

  private static final long G = 0x1000;
  private static final int GRANULES = 8;
  private static final int MOST_STEPS = 5000;

  private enum What { POPULATE, DISCARD, REGISTER, LEAVE, REPLAY }

  /** What a listener has mapped; it notes a part after it may have failed, and drops one before. */
  private static final class Mirror implements RamDiscardListener {

    private final BitSet mapped = new BitSet();

    @Override
    public void populate(MemoryRegionSection section) {
      Faults.user();
      mapped.set(granule(section.offsetInRegion()), end(section));
    }

    @Override
    public void discard(MemoryRegionSection section) {
      mapped.clear(granule(section.offsetInRegion()), end(section));
      Faults.user();
    }

    private static int granule(long offset) {
      return (int) (offset / G);
    }

    private static int end(MemoryRegionSection section) {
      return 1 + granule(section.offsetOf(section.range().last()));
    }
  }

  /** One sparse memory with two listeners that stay and one that comes and goes. */
  private static final class Scene {

    private final FaultyPolicy policy = new FaultyPolicy();
    private final Machine machine;
    private final MemoryRegion.Ram ram;
    private final RamDiscardManager manager;
    private final MemoryRegionSection whole;
    private final Map<Mirror, RamDiscardManager.Registration> listeners = new HashMap<>();

    Scene(Twin twin) {
      machine = new Machine(new FaultLoader(twin), policy);
      ram = machine.memory.ram("dimm", Size.bytes(GRANULES * G));
      manager = ram.newDiscardManager(G);
      whole = new MemoryRegionSection(
          new AddressRange(0, GRANULES * G - 1), ram, 0, SectionAttributes.NONE);
      register(new Mirror());
      register(new Mirror());
    }

    private void register(Mirror mirror) {
      listeners.put(mirror, manager.addListener(mirror, whole));
    }

    /** Of eight parts, the second, third and sixth are there. */
    private void reset() {
      manager.discard(0, GRANULES * G);
      manager.populate(G, 2 * G);
      manager.populate(5 * G, G);
    }

    /** Fails an operation at a step; returns whether there is such a step. */
    boolean fails(What what, Faults.Kind kind, long step) throws InterruptedException {
      reset();
      Mirror guest = new Mirror();
      if (what == What.LEAVE) {
        register(guest);
      }
      if (kind == null) {
        Faults.exhaust(step);
      } else {
        Faults.arm(kind, step, 0);
      }
      try {
        make(what, guest);
      } catch (Throwable thrown) {
        // It is seen below.
      } finally {
        Faults.disarm();
      }
      String where = what + Faults.sites();
      check(guest, where);
      leave(guest);
      assertEquals(new BitSet(), guest.mapped, where);
      assertTurnIsFree(where);
      return Faults.fired();
    }

    private void make(What what, Mirror guest) {
      switch (what) {
        case POPULATE -> manager.populate(0, 7 * G);
        case DISCARD -> manager.discard(0, 7 * G);
        case REGISTER -> register(guest);
        case LEAVE -> leave(guest);
        case REPLAY -> manager.replayPopulated(whole, _ -> Faults.user());
      }
    }

    private void leave(Mirror guest) {
      RamDiscardManager.Registration registration = listeners.get(guest);
      if (registration != null) {
        registration.close();
        listeners.remove(guest);
      }
    }

    /** A listener that was to leave may have left. */
    private void check(Mirror guest, String where) {
      BitSet populated = new BitSet();
      for (int i = 0; i < GRANULES; i++) {
        populated.set(i, manager.isPopulated(i * G, G));
      }
      listeners.forEach((mirror, _) -> {
        if (mirror != guest || !mirror.mapped.isEmpty()) {
          assertEquals(populated, mirror.mapped, where);
        }
      });
    }

    private void assertTurnIsFree(String where) throws InterruptedException {
      Thread other = Thread.ofPlatform().daemon().start(() -> manager.replayPopulated(whole, _ -> { }));
      assertTrue(other.join(Duration.ofSeconds(60)), where);
    }

    void close() {
      ram.close();
      machine.memory.close();
      policy.manual.barrier();
      policy.manual.close();
    }
  }

  /** Returns how many failures were injected; null for a kind means that the heap is exhausted. */
  private static int sweep(Twin twin, Faults.Kind kind) throws InterruptedException {
    Scene scene = new Scene(twin);
    int injected = 0;
    for (What what : What.values()) {
      scene.fails(what, Faults.Kind.RUNTIME, Long.MAX_VALUE);
      int step = 1;
      while (step < MOST_STEPS && scene.fails(what, kind, step)) {
        step++;
      }
      injected += step - 1;
    }
    scene.close();
    return injected;
  }

  @ParameterizedTest
  @EnumSource(Faults.Kind.class)
  void aFailureAtAnyStepLeavesListenersAndManagerAlike(Faults.Kind kind) throws InterruptedException {
    int injected = sweep(Twin.SOUND, kind);
    assertTrue(injected > 100, injected + " failures");
  }

  @Test
  void aHeapThatEndsAtAnyStepLeavesListenersAndManagerAlike() throws InterruptedException {
    int injected = sweep(Twin.SOUND, null);
    assertTrue(injected > 50, injected + " failures");
  }

  @ParameterizedTest
  @EnumSource(names = {"PARTS_KEPT", "BITS_ALLOCATE"})
  void aDefectIsFound(Twin twin) {
    Faults.Kind kind = twin == Twin.PARTS_KEPT ? Faults.Kind.RUNTIME : null;
    assertThrows(AssertionError.class, () -> sweep(twin, kind));
  }
}
