package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.InvalidationSequence;
import io.flatview.memory.IommuTlbEntry;
import io.flatview.memory.IommuTranslator;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reader uses an answer of a translator again exactly as long as the translator allows it. */
class IommuReuseTest extends OnAMachine {

  /** Leads its pages into one space, at a distance that changes; notes what it is asked. */
  private final class Pages implements IommuTranslator {

    final InvalidationSequence changes = new InvalidationSequence();
    final List<Long> asked = new ArrayList<>();
    AddressSpace target = space;
    long distance = 0x1_0000;
    boolean writable = true;
    boolean reusable = true;

    @Override
    public void translate(long address, Access access, int index, MapReader by, IommuTlbEntry entry) {
      long number = changes.current();
      asked.add(address);
      entry.grant(target, (address & ~0xfffL) + distance + 0x10_0000L * index, 0xfff, true, writable);
      if (reusable) {
        entry.reusableWhile(changes, number);
      }
    }

    @Override
    public int indexOf(MemTxAttrs attributes) {
      return attributes.pid();
    }

    @Override
    public int indexes() {
      return 2;
    }

    int asks() {
      int count = asked.size();
      asked.clear();
      return count;
    }
  }

  private final Pages pages = new Pages();
  private AddressSpace dma;

  @BeforeEach
  void build() {
    place(0, memory.ram("ram", Size.mib(2)));
    dma = memory.addressSpace("dma", memory.iommu("iommu", Size.FULL, pages));
  }

  private long leads(AddressSpace from, long address, Access access, MemTxAttrs attributes) {
    try (ReadSection _ = reader.enter()) {
      Translation t = reader.translate(from, address, 4, access, attributes);
      return t.isAssigned() ? t.address() : -1;
    }
  }

  private long leads(long address) {
    return leads(dma, address, Access.READ, MemTxAttrs.UNSPECIFIED);
  }

  @Test
  void anAnswerIsUsedAgainForItsWholeBlockInLaterSectionsToo() {
    assertEquals(0x1_1000, leads(0x1000));
    assertEquals(1, pages.asks());
    assertEquals(0x1_1ffc, leads(0x1ffc));
    assertEquals(0x1_1004, leads(dma, 0x1004, Access.WRITE, MemTxAttrs.UNSPECIFIED));
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x1_1abc, reader.translate(dma, 0x1abc, 4, Access.READ).address());
      assertEquals(4, reader.translate(dma, 0x1ffc, 0x100, Access.READ).length());
      assertSame(space, reader.translate(dma, 0x1ffc, 0x100, Access.READ).addressSpace());
    }
    assertEquals(0, pages.asks());
  }

  @Test
  void loadsAndStoresUseAnswersAgain() {
    assertEquals(MemTxResult.OK, reader.store(dma, 0x1008, 8, 0x1122_3344));
    assertEquals(0x1122_3344, reader.load(dma, 0x1008, 8));
    assertEquals(1, pages.asks());
    assertLoads(0x1122_3344, 0x1_1008, 8);
  }

  @Test
  void aTranslatorThatDoesNotAllowItIsAskedEveryTime() {
    pages.reusable = false;
    leads(0x1000);
    leads(0x1000);
    assertEquals(2, pages.asks());
  }

  @Test
  void afterAnInvalidationTheTranslatorIsAskedAgain() {
    leads(0x1000);
    pages.distance = 0x2_0000;
    assertEquals(0x1_1000, leads(0x1000));
    pages.changes.advance();
    assertEquals(0x2_1000, leads(0x1000));
    assertEquals(0x2_1000, leads(0x1000));
    assertEquals(2, pages.asks());
  }

  @Test
  void anInvalidationIsSeenInTheMiddleOfASection() {
    try (ReadSection _ = reader.enter()) {
      assertEquals(0x1_1000, reader.translate(dma, 0x1000, 4, Access.READ).address());
      pages.distance = 0x2_0000;
      pages.changes.advance();
      assertEquals(0x2_1000, reader.translate(dma, 0x1000, 4, Access.READ).address());
    }
  }

  /** The number was taken before: an answer that was made while something changed is not used again. */
  @Test
  void anAnswerThatAnInvalidationOvertookIsUsedOnce() {
    AddressSpace overtaken = memory.addressSpace("overtaken", memory.iommu("overtaken", Size.FULL,
        (address, access, index, by, entry) -> {
          pages.translate(address, access, index, by, entry);
          pages.changes.advance();
        }));
    leads(overtaken, 0x1000, Access.READ, MemTxAttrs.UNSPECIFIED);
    leads(overtaken, 0x1000, Access.READ, MemTxAttrs.UNSPECIFIED);
    assertEquals(2, pages.asks());
  }

  @Test
  void anotherBlockIsAnotherQuestion() {
    leads(0x1000);
    assertEquals(0x1_2000, leads(0x2000));
    assertEquals(0x1_9000, leads(0x9000));
    leads(0x4_0000_0000_1000L);
    assertEquals(List.of(0x1000L, 0x2000L, 0x9000L, 0x4_0000_0000_1000L), pages.asked);
  }

  @Test
  void aBlockMayLeadToSeveralRegions() {
    MemoryRegion device = mmio("device", 0x100);
    place(0x1_1800, device, 1);
    try (ReadSection _ = reader.enter()) {
      for (int i = 0; i < 3; i++) {
        assertEquals("ram", reader.translate(dma, 0x1000, 4, Access.READ).section().region().name());
        assertSame(device, reader.translate(dma, 0x1810, 4, Access.READ).section().region());
      }
    }
    assertEquals(1, pages.asks());
  }

  @Test
  void otherAttributesAreAnotherQuestion() {
    MemTxAttrs process = MemTxAttrs.UNSPECIFIED.withPid(1);
    leads(0x1000);
    assertEquals(0x11_1000, leads(dma, 0x1000, Access.READ, process));
    assertEquals(0x1_1000, leads(0x1000));
    assertEquals(3, pages.asks());
  }

  @Test
  void anAccessThatWasNotGrantedIsAskedForEveryTime() {
    pages.writable = false;
    leads(0x1000);
    assertEquals(-1, leads(dma, 0x1000, Access.WRITE, MemTxAttrs.UNSPECIFIED));
    assertEquals(-1, leads(dma, 0x1000, Access.WRITE, MemTxAttrs.UNSPECIFIED));
    pages.writable = true;
    assertEquals(0x1_1000, leads(dma, 0x1000, Access.WRITE, MemTxAttrs.UNSPECIFIED));
    assertEquals(4, pages.asks());
  }

  @Test
  void twoIommusDoNotAnswerForEachOther() {
    Pages other = new Pages();
    other.distance = 0x3_0000;
    AddressSpace second = memory.addressSpace("second", memory.iommu("second", Size.FULL, other));
    assertEquals(0x1_1000, leads(0x1000));
    assertEquals(0x3_1000, leads(second, 0x1000, Access.READ, MemTxAttrs.UNSPECIFIED));
    assertEquals(0x1_1000, leads(0x1000));
  }

  @Test
  void aReadOnlyAliasRefusesStoresAlsoToWhatMayBeUsedAgain() {
    MemoryRegion guarded = alias("guarded", dma.root(), 0, 0x1_0000);
    memory.update(tx -> tx.setReadOnly(guarded, true));
    AddressSpace readOnly = memory.addressSpace("read-only", guarded);
    leads(readOnly, 0x1000, Access.READ, MemTxAttrs.UNSPECIFIED);
    assertEquals(-1, leads(readOnly, 0x1000, Access.WRITE, MemTxAttrs.UNSPECIFIED));
  }

  @Test
  void everyHopOfAChainIsUsedAgain() {
    Pages outer = new Pages();
    outer.target = dma;
    AddressSpace chained = memory.addressSpace("chained", memory.iommu("outer", Size.FULL, outer));
    assertEquals(0x2_1000, leads(chained, 0x1000, Access.READ, MemTxAttrs.UNSPECIFIED));
    assertEquals(0x2_1000, leads(chained, 0x1000, Access.READ, MemTxAttrs.UNSPECIFIED));
    assertEquals(1, pages.asks());
    assertEquals(1, outer.asks());
    pages.distance = 0x4_0000;
    pages.changes.advance();
    assertEquals(0x5_1000, leads(chained, 0x1000, Access.READ, MemTxAttrs.UNSPECIFIED));
    assertEquals(0, outer.asks());
  }

  @Test
  void anAnswerOutlivesNoChangeOfTheTarget() {
    assertEquals(0x1_1000, leads(0x1000));
    MemoryRegion device = mmio("device", 0x1000);
    place(0x1_1000, device, 1);
    try (ReadSection _ = reader.enter()) {
      assertSame(device, reader.translate(dma, 0x1000, 4, Access.READ).section().region());
    }
    remove(device);
    try (ReadSection _ = reader.enter()) {
      assertEquals("ram", reader.translate(dma, 0x1000, 4, Access.READ).section().region().name());
    }
  }

  @Test
  void aTranslatorThatThrowsLeavesNoAnswer() {
    boolean[] fails = {false};
    AddressSpace failing = memory.addressSpace("failing", memory.iommu("failing", Size.FULL,
        (address, access, index, by, entry) -> {
          pages.translate(address, access, index, by, entry);
          if (fails[0]) {
            throw new ArithmeticException("walk failed");
          }
        }));
    leads(failing, 0x1000, Access.READ, MemTxAttrs.UNSPECIFIED);
    fails[0] = true;
    assertRefused(ArithmeticException.class, () -> reader.load(failing, 0x9000, 4), "walk failed");
    fails[0] = false;
    assertEquals(0x1_1000, leads(failing, 0x1000, Access.READ, MemTxAttrs.UNSPECIFIED));
  }

  /** The walker's own accesses go through the same reader, at the same pages, and must not answer for the device's. */
  @Test
  void whatAWalkAsksForIsNotTakenForTheAnswer() {
    AddressSpace tables = memory.addressSpace("tables", memory.iommu("tables", Size.FULL, pages));
    InvalidationSequence changes = new InvalidationSequence();
    AddressSpace walked = memory.addressSpace("walked", memory.iommu("walked", Size.FULL,
        (address, _, _, by, entry) -> {
          long number = changes.current();
          by.load(tables, address, 8);
          entry.grant(space, 0x5_0000, 0xfff, true, true);
          entry.reusableWhile(changes, number);
        }));
    for (int i = 0; i < 3; i++) {
      assertEquals(0x5_0010, leads(walked, 0x1010, Access.READ, MemTxAttrs.UNSPECIFIED));
      assertEquals(0x1_1010, leads(tables, 0x1010, Access.READ, MemTxAttrs.UNSPECIFIED));
    }
  }

  @Test
  void aGrantWithoutATargetIsRefused() {
    pages.target = null;
    assertRefused(NullPointerException.class, () -> reader.load(dma, 0, 4), "without a target");
  }

  /** A reader that has seen a later generation, or is offline, does not keep a closed space from being collected. */
  @Test
  void nothingIsHeldOnToBeyondTheGeneration() throws InterruptedException {
    WeakReference<AddressSpace> closed = closedTarget();
    leads(0x1000);
    for (int i = 0; i < 50 && closed.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertTrue(closed.refersTo(null));
  }

  private WeakReference<AddressSpace> closedTarget() {
    AddressSpace other = memory.addressSpace("other", memory.container("nothing", Size.FULL));
    pages.target = other;
    leads(0x2000);
    leads(0x3000);
    pages.target = space;
    assertFalse(other.name().isEmpty());
    other.close();
    policy.runGracePeriod();
    return new WeakReference<>(other);
  }
}
