package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.AddressSpaceOptions;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A reader remembers the leaves that answered last, one on each side of 4 GiB. It answers like one that remembers
 * nothing, in whichever order it is asked about spaces and sides.
 */
class LastLeavesTest extends OnAMachine {

  private static final long SIDE = 0x1_0000_0000L;
  private static final int QUESTIONS = 5_000;

  private final Random random = new Random(1);
  private final MemoryRegion.Container other = memory.container("other", Size.FULL);
  private final MemoryRegion overlay = mmio("overlay", 0x800);
  private final List<AddressSpace> spaces = List.of(space, memory.addressSpace("other", other), narrow(33), narrow(32),
      translated());

  private AddressSpace narrow(int bits) {
    MemoryRegion reached = alias("of " + bits + " lines", system, 0, 1L << bits);
    return memory.addressSpace("narrow" + bits, reached, AddressSpaceOptions.DEFAULT.withAddressBits(bits));
  }

  /** An IOMMU that changes sides, and permits no access to every fourth page. */
  private AddressSpace translated() {
    return memory.addressSpace("device", memory.iommu("iommu", Size.FULL, (address, _, _, _, entry) -> {
      long page = address & -0x1000;
      if ((page & 0x3000) != 0x3000) {
        entry.grant(space, page ^ SIDE, 0xfff, true, true);
      }
    }));
  }

  private void fill(MemoryRegion.Container into, String name, long memoryAt, long deviceAt) {
    for (long side = 0; side <= SIDE; side += SIDE) {
      place(into, side + memoryAt, ram(name + "-ram" + side, 0x2000));
      place(into, side + deviceAt, mmio(name + "-device" + side, 0x1000));
    }
  }

  /** What a reader finds out about an address, as a text. */
  private static String answer(MapReader reader, AddressSpace asked, long address, boolean load) {
    try (ReadSection _ = reader.enter()) {
      String loaded = load ? reader.load(asked, address, 4) + " " + reader.lastResult() + " " : "";
      Translation t = reader.translate(asked, address, 8, Access.READ);
      return loaded + t.isAssigned() + " " + Picture.of(t.section()) + " " + t.address() + " " + t.offset() + " "
          + t.length() + " " + t.fault() + " " + t.addressSpace().name();
    }
  }

  private String answerOfANewReader(AddressSpace asked, long address, boolean load) {
    try (MapReader forgetful = memory.newReader("forgetful")) {
      return answer(forgetful, asked, address, load);
    }
  }

  @Test
  void aReaderThatRemembersAnswersLikeOneThatDoesNot() {
    fill(system, "system", 0x1000, 0x4000);
    fill(other, "other", 0x3000, 0x1000);
    for (int i = 0; i < QUESTIONS; i++) {
      if (random.nextInt(50) == 0) {
        changeOverlay();
      }
      AddressSpace asked = spaces.get(random.nextInt(spaces.size()));
      long address = random.nextLong(4) * SIDE + random.nextInt(0x6000);
      boolean load = random.nextBoolean();
      String expected = answerOfANewReader(asked, address, load);
      assertEquals(expected, answer(reader, asked, address, load),
          asked.name() + " at " + Long.toHexString(address));
    }
  }

  private void changeOverlay() {
    if (overlay.parent().isPresent()) {
      remove(overlay);
    } else {
      place(random.nextLong(2) * SIDE + 0x1800, overlay, 1);
    }
  }

  /** A bus of 36 lines; its memory below 4 GiB answered last. Forbidden: it answers in a hole that wraps there. */
  @Test
  void aHoleAtAnAddressThatWrapsToTheOtherSideStaysAHole() {
    fill(system, "system", 0x1000, 0x4000);
    AddressSpace bus = narrow(36);
    try (ReadSection _ = reader.enter()) {
      reader.load(bus, 0x1000, 4);
      Translation t = reader.translate(bus, (1L << 36) + 0x8000, 4, Access.READ);
      assertEquals("false 8000 unassigned",
          t.isAssigned() + " " + Long.toHexString(t.address()) + " " + t.section().region().name());
    }
  }
}
