package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.RamDiscardListener;
import io.flatview.memory.RamDiscardManager;
import io.flatview.memory.SectionAttributes;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** One thread populates and discards, while others access the memory, query, replay, register and leave. */
class SparseRamRaceTest extends OnARacingMachine {

  private static final long G = 0x1000;
  private static final int GRANULES = 8;
  private static final long AT = 0x8000_0000L;
  private static final long LONG_ENOUGH_TO_BE_SEEN = 50_000;
  private static final int ATTEMPTS = 20;

  private final MemoryRegion.Ram ram = ram("dimm", GRANULES * G);
  private final RamDiscardManager manager = ram.newDiscardManager(G);
  private final MemoryRegionSection whole = new MemoryRegionSection(
      new AddressRange(AT, AT + GRANULES * G - 1), ram, 0, SectionAttributes.NONE);
  private final Mirror mirror = new Mirror();

  /** Counts the calls for each granule: an odd number means that it is mapped. */
  private static final class Mirror implements RamDiscardListener {

    private final AtomicLongArray calls = new AtomicLongArray(GRANULES);

    @Override
    public void populate(MemoryRegionSection section) {
      call(section, 1);
    }

    @Override
    public void discard(MemoryRegionSection section) {
      call(section, 0);
    }

    private void call(MemoryRegionSection section, int odd) {
      long end = section.offsetOf(section.range().last());
      for (long at = section.offsetInRegion(); at < end; at += G) {
        assertEquals(odd, calls.incrementAndGet((int) (at / G)) & 1);
      }
    }

    boolean isMapped(int granule) {
      return (calls.get(granule) & 1) == 1;
    }

    void assertEmpty() {
      for (int i = 0; i < GRANULES; i++) {
        assertEquals(0, calls.get(i) & 1);
      }
    }
  }

  /** A manager, or one that is wrong. */
  private interface Sparse {

    void populate(long offset);

    void discard(long offset);

    boolean isPopulated(long offset);
  }

  private final class Right implements Sparse {

    @Override
    public void populate(long offset) {
      manager.populate(offset, G);
    }

    @Override
    public void discard(long offset) {
      manager.discard(offset, G);
    }

    @Override
    public boolean isPopulated(long offset) {
      return manager.isPopulated(offset, G);
    }
  }

  /** Says that a part is populated from before its listeners are called until after they are called to discard. */
  private final class Hasty implements Sparse {

    private final AtomicLongArray populated = new AtomicLongArray(GRANULES);

    @Override
    public void populate(long offset) {
      populated.set((int) (offset / G), 1);
      LockSupport.parkNanos(LONG_ENOUGH_TO_BE_SEEN);
      manager.populate(offset, G);
    }

    @Override
    public void discard(long offset) {
      manager.discard(offset, G);
      LockSupport.parkNanos(LONG_ENOUGH_TO_BE_SEEN);
      populated.set((int) (offset / G), 0);
    }

    @Override
    public boolean isPopulated(long offset) {
      return populated.get((int) (offset / G)) != 0;
    }
  }

  private void writes(Sparse sparse, int number) {
    long offset = ThreadLocalRandom.current().nextInt(GRANULES) * G;
    if ((number & 1) == 0) {
      sparse.populate(offset);
    } else {
      sparse.discard(offset);
    }
  }

  /** A part that is found populated is mapped: the mirror did not change around the look. */
  private void looks(Sparse sparse) {
    int granule = ThreadLocalRandom.current().nextInt(GRANULES);
    for (int i = 0; i < 100; i++) {
      long before = mirror.calls.get(granule);
      boolean populated = sparse.isPopulated(granule * G);
      if (populated && mirror.calls.get(granule) == before) {
        assertEquals(1, before & 1, "populated, but not mapped");
      }
    }
  }

  private void comesAndGoes() {
    Mirror own = new Mirror();
    try (RamDiscardManager.Registration _ = manager.addListener(own, whole)) {
      manager.replayPopulated(whole, part -> {
        for (long at = part.offsetInRegion(); at < part.offsetOf(part.range().last()); at += G) {
          assertTrue(own.isMapped((int) (at / G)));
        }
      });
    }
    own.assertEmpty();
  }

  private void race(Sparse sparse) {
    AtomicLong rounds = new AtomicLong();
    race((_, number) -> writes(sparse, number), (reader, _) -> {
      looks(sparse);
      if ((rounds.incrementAndGet() & 7) == 0) {
        comesAndGoes();
      }
      accesses(reader);
    });
  }

  private void accesses(MapReader reader) {
    long at = AT + ThreadLocalRandom.current().nextInt(GRANULES) * G;
    assertEquals(MemTxResult.OK, reader.store(space, at, 8, 42));
    long value = reader.load(space, at, 8);
    assertTrue(value == 42 || value == 0, () -> Long.toHexString(value));
  }

  @Test
  void aPartThatIsFoundPopulatedIsMappedByEveryListener() {
    place(AT, ram);
    manager.addListener(mirror, whole);
    race(new Right());
    manager.discard(0, GRANULES * G);
    mirror.assertEmpty();
  }

  @Test
  void aManagerThatSpeaksTooEarlyIsCaught() {
    place(AT, ram);
    manager.addListener(mirror, whole);
    Sparse hasty = new Hasty();
    AssertionError caught = assertThrows(AssertionError.class, () -> {
      for (int i = 0; i < ATTEMPTS; i++) {
        race(hasty);
      }
    });
    assertTrue(caught.getMessage().contains("populated, but not mapped"), caught::getMessage);
  }
}
