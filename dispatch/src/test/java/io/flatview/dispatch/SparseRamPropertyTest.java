package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.flatview.memory.AddressRange;
import io.flatview.memory.MapException;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.RamDiscardListener;
import io.flatview.memory.RamDiscardManager;
import io.flatview.memory.SectionAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random changes, registrations, refusals, failures and meddling, against a model that is a set of granules: every
 * listener that is registered has mapped exactly the populated bytes of its section, and every other nothing. {@code
 * -Dflatview.seeds} sets the number of histories.
 */
class SparseRamPropertyTest extends OnAMachine {

  private static final int SEEDS = Integer.getInteger("flatview.seeds", 300);
  private static final int FOR_A_FAULT = 300;
  private static final int STEPS = 60;
  private static final int GRANULES = 70;
  private static final long G = 0x1000;

  /** The smallest unit at which sections begin and end here. */
  private static final int UNIT = 0x400;

  /** A rule that a manager may break; the listeners are called as if it did. */
  private enum Bent {
    NOTHING, NO_TAKE_BACK, NO_REPLAY, NO_LAST_DISCARD, FIRST_PART_ONLY, NOT_CUT, DISCARDS_TWICE, POPULATED_AFTER_VETO
  }

  /** The operation that the listeners are called in. */
  private enum Stage { POPULATE, DISCARD, REGISTER, LEAVE }

  /** One random history; throws an {@link AssertionError} at the first call or state that is wrong. */
  private final class History {

    private final Bent bent;
    private final Random random;
    private final MemoryRegion.Ram ram;
    private final RamDiscardManager manager;
    private final BitSet populated = new BitSet();
    private final List<Mirror> mirrors = new ArrayList<>();
    private final List<Mirror> gone = new ArrayList<>();
    private Stage stage;
    private int calls;

    /** What a listener has found wrong, which for the manager is a refusal. */
    private AssertionError fault;

    History(long seed, Bent bent) {
      this.bent = bent;
      this.random = new Random(seed);
      this.ram = ram("dimm", GRANULES * G);
      this.manager = ram.newDiscardManager(G);
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        step();
        check();
      }
      List.copyOf(mirrors).forEach(this::leave);
      check();
      ram.close();
    }

    private void step() {
      calls = 0;
      switch (random.nextInt(8)) {
        case 0 -> register();
        case 1 -> {
          if (!mirrors.isEmpty()) {
            leave(mirrors.get(random.nextInt(mirrors.size())));
          }
        }
        case 2, 3, 4 -> populate();
        default -> discard();
      }
    }

    private void populate() {
      int first = random.nextInt(GRANULES);
      int length = random.nextInt(GRANULES - first + 1);
      stage = Stage.POPULATE;
      try {
        manager.populate(first * G, length * G);
        populated.set(first, first + length);
      } catch (MapException refused) {
        if (bent == Bent.POPULATED_AFTER_VETO) {
          populated.set(first, first + length);
        }
      }
    }

    private void discard() {
      int first = random.nextInt(GRANULES);
      int length = random.nextInt(GRANULES - first + 1);
      stage = Stage.DISCARD;
      try {
        manager.discard(first * G, length * G);
      } catch (Trouble _) {
        // A listener has thrown.
      }
      populated.clear(first, first + length);
    }

    private void register() {
      stage = Stage.REGISTER;
      Mirror mirror = new Mirror(this);
      try {
        mirror.registration = manager.addListener(mirror, mirror.section);
        mirrors.add(mirror);
      } catch (MapException refused) {
        gone.add(mirror);
      }
    }

    private void leave(Mirror mirror) {
      Stage before = stage;
      stage = Stage.LEAVE;
      mirrors.remove(mirror);
      try {
        mirror.registration.close();
      } catch (Trouble _) {
        // A listener has thrown.
      } finally {
        stage = before;
      }
      gone.add(mirror);
    }

    private void check() {
      if (fault != null) {
        throw fault;
      }
      for (int i = 0; i < GRANULES; i++) {
        assertEquals(populated.get(i), manager.isPopulated(i * G, G), "granule " + i);
      }
      mirrors.forEach(Mirror::check);
      gone.forEach(Mirror::assertEmpty);
    }

    /** What a listener does beside its work. */
    private void trouble() {
      if (random.nextInt(25) == 0 && !mirrors.isEmpty()) {
        leave(mirrors.get(random.nextInt(mirrors.size())));
      }
      if (random.nextInt(20) == 0) {
        throw new Trouble();
      }
    }
  }

  private static final class Trouble extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** What one listener has mapped, by bytes in units. */
  private static final class Mirror implements RamDiscardListener {

    private final History history;
    private final MemoryRegionSection section;
    private final int first;
    private final int last;
    private final BitSet mapped = new BitSet();
    private RamDiscardManager.Registration registration;

    Mirror(History history) {
      this.history = history;
      int units = (int) (GRANULES * G / UNIT);
      this.first = history.random.nextInt(units);
      this.last = first + history.random.nextInt(units - first);
      long at = history.random.nextLong(1L << 40);
      this.section = new MemoryRegionSection(
          new AddressRange(at, at + (last - first + 1L) * UNIT - 1), history.ram, (long) first * UNIT,
          SectionAttributes.NONE);
    }

    @Override
    public void populate(MemoryRegionSection part) {
      history.trouble();
      map(part, true);
    }

    @Override
    public void discard(MemoryRegionSection part) {
      map(part, false);
      if (history.bent == Bent.DISCARDS_TWICE) {
        map(part, false);
      }
      history.trouble();
    }

    private void map(MemoryRegionSection part, boolean maps) {
      if (!isLost(maps)) {
        try {
          mapRight(part, maps);
        } catch (AssertionError wrong) {
          history.fault = wrong;
        }
      }
    }

    private void mapRight(MemoryRegionSection part, boolean maps) {
      AddressRange range = part.range();
      assertEquals(range.first() - section.range().first(), part.offsetInRegion() - section.offsetInRegion());
      assertEquals(0, range.first() - section.range().first() & UNIT - 1);
      assertEquals(0, range.last() - section.range().first() + 1 & UNIT - 1);
      int from = (int) (part.offsetInRegion() / UNIT);
      int to = from + (int) ((range.last() - range.first() + 1) / UNIT);
      if (history.bent == Bent.NOT_CUT) {
        to += (int) (G / UNIT);
      }
      assertEquals(true, from >= first && to <= last + 1, "beyond the section");
      assertEquals(maps ? 0 : to - from, mapped.get(from, to).cardinality(), "mapped before");
      mapped.set(from, to, maps);
    }

    private boolean isLost(boolean maps) {
      return switch (history.bent) {
        case NO_TAKE_BACK -> !maps && history.stage == Stage.POPULATE;
        case NO_REPLAY -> maps && history.stage == Stage.REGISTER;
        case NO_LAST_DISCARD -> !maps && history.stage == Stage.LEAVE;
        case FIRST_PART_ONLY -> history.calls++ > 0;
        case NOTHING, NOT_CUT, DISCARDS_TWICE, POPULATED_AFTER_VETO -> false;
      };
    }

    void assertEmpty() {
      assertEquals(new BitSet(), mapped);
    }

    void check() {
      BitSet expected = new BitSet();
      for (int unit = first; unit <= last; unit++) {
        expected.set(unit, history.populated.get((int) (unit * (long) UNIT / G)));
      }
      assertEquals(expected, mapped);
    }
  }

  private AssertionError firstFault(int seeds, Bent bent) {
    for (long seed = 0; seed < seeds; seed++) {
      try {
        new History(seed, bent).run();
      } catch (AssertionError wrong) {
        return new AssertionError("-Dflatview.seed=" + seed + " " + wrong.getMessage(), wrong);
      }
    }
    return null;
  }

  @Test
  void everyListenerHasMappedWhatIsPopulated() {
    AssertionError fault = firstFault(SEEDS, Bent.NOTHING);
    if (fault != null) {
      throw fault;
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
  void aManagerThatBreaksARuleIsCaught(Bent bent) {
    assertNotNull(firstFault(FOR_A_FAULT, bent), bent::name);
  }
}
