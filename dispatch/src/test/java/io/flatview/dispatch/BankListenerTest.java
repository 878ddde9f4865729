package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapChange;
import io.flatview.memory.MapException;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionSection;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A selection calls no listener, unless one wants that: then it is a commit. */
class BankListenerTest extends OnAMachine {

  private final MemoryRegion.Bank bank = memory.bank("bank", Size.kib(4), 3);
  private final MemoryRegion.Ram first = ram("first", 0x1000);
  private final MemoryRegion.Ram second = ram("second", 0x1000);
  private final List<String> called = new ArrayList<>();

  @BeforeEach
  void build() {
    memory.update(tx -> tx.setVariant(bank, 0, first).setVariant(bank, 1, second).addSubregion(system, 0x8000, bank));
    bank.select(0);
  }

  @AfterEach
  void commitsHaveMadeWhatARebuildMakes() {
    assertEquals(List.of(), memory.compareWithRebuild());
  }

  /** Notes what it is called for. */
  private class Notes implements MemoryListener {

    private final boolean wanting;

    Notes(boolean wanting) {
      this.wanting = wanting;
    }

    @Override
    public boolean wantsSelections() {
      return wanting;
    }

    @Override
    public void regionAdd(MemoryRegionSection section) {
      called.add("+" + section.region().name());
    }

    @Override
    public void regionDel(MemoryRegionSection section) {
      called.add("-" + section.region().name());
    }
  }

  private void assertCalled(String... expected) {
    assertEquals(List.of(expected), called);
    called.clear();
  }

  @Test
  void aListenerIsCalledForTheBankAndNotForSelections() {
    try (AddressSpace.Registration _ = space.addListener(new Notes(false))) {
      assertCalled("+bank");
      bank.select(1);
      assertCalled();
      remove(second);
      assertCalled("-bank", "+bank");
      remove(bank);
      assertCalled("-bank");
    }
  }

  @Test
  void aListenerThatWantsSelectionsIsCalledForEach() {
    long before = memory.generation();
    try (AddressSpace.Registration _ = space.addListener(new Notes(true))) {
      assertCalled("+first");
      bank.select(1);
      assertCalled("-first", "+second");
      assertView("8000-8fff second @0");
      bank.select(2);
      assertCalled("-second");
      bank.select(2);
      assertCalled();
      bank.select(0);
      assertCalled("+first");
      assertTrue(memory.generation() >= before + 4);
    }
    called.clear();
    long after = memory.generation();
    bank.select(1);
    assertEquals(after, memory.generation());
    assertEquals("second", who(0x8000));
    assertCalled();
  }

  @Test
  void otherListenersAreCalledWhenBanksGiveWayToWhatTheySelect() {
    try (AddressSpace.Registration _ = space.addListener(new Notes(false))) {
      assertCalled("+bank");
      AddressSpace.Registration wanting = space.addListener(new Notes(true));
      assertCalled("-bank", "+first", "+first");
      wanting.close();
      assertCalled("-first", "-first", "+bank");
    }
  }

  @Test
  void aSelectionThatIsACommitIsSeenByTheNextSection() {
    try (AddressSpace.Registration _ = space.addListener(new Notes(true))) {
      try (ReadSection _ = reader.enter()) {
        assertEquals("first", name(0x8000));
        bank.select(1);
        assertEquals("first", name(0x8000));
      }
      assertEquals("second", who(0x8000));
    }
  }

  private String name(long address) {
    return reader.translate(space, address, 1, Access.READ).section().region().name();
  }

  @Test
  void aSelectionThatAListenerRefusesLeavesNoTrace() {
    MemoryListener refusing = new Notes(true) {
      @Override
      public void plan(MapChange change) {
        if (change.added().stream().anyMatch(section -> section.region() == second)) {
          throw new IllegalStateException("not the second");
        }
      }
    };
    try (AddressSpace.Registration _ = space.addListener(refusing)) {
      called.clear();
      assertThrows(MapException.class, () -> bank.select(1));
      assertEquals(0, bank.selected());
      assertEquals("first", who(0x8000));
      assertCalled();
    }
  }

  @Test
  void aSelectionJoinsTheTransactionOfItsThread() {
    try (AddressSpace.Registration _ = space.addListener(new Notes(true))) {
      called.clear();
      memory.update(tx -> {
        bank.select(1);
        tx.addSubregion(system, 0x1000, mmio("device", 0x10));
        assertCalled();
      });
      assertCalled("-first", "+device", "+second");
    }
  }

  @Test
  void aDeviceThatSelectsIsCommittedForWhenItsAccessHasEnded() {
    place(0x100, memory.mmio("mapper", Size.bytes(4), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        return 0;
      }

      @Override
      public void write(long offset, int size, long value) {
        bank.select((int) value);
        assertCalled();
      }
    }));
    try (AddressSpace.Registration _ = space.addListener(new Notes(true))) {
      called.clear();
      assertStores(0x100, 1, 1);
      assertCalled("-first", "+second");
      assertEquals("second", who(0x8000));
    }
  }

  @Test
  void theEndOfASpaceEndsWhatItsListenersWanted() {
    AddressSpace other = memory.addressSpace("other", memory.alias("window", system, 0x8000, Size.kib(4)));
    other.addListener(new Notes(true));
    assertView("8000-8fff first @0");
    other.close();
    assertEquals(List.of(bank), space.flatView().sections().stream().map(MemoryRegionSection::region).toList());
    long generation = memory.generation();
    bank.select(1);
    assertEquals(generation, memory.generation());
  }

  @Test
  void aListenerThatWantsSelectionsIsRefusedInATransaction() {
    memory.update(_ -> assertRefused(IllegalStateException.class, () -> space.addListener(new Notes(true)),
        "wants selections"));
    assertFalse(space.flatView().sections().isEmpty());
    assertEquals(List.of(), called);
  }

  @Test
  void aListenerThatFailsWhenItComesChangesNothing() {
    MemoryListener failing = new Notes(true) {
      @Override
      public void regionAdd(MemoryRegionSection section) {
        throw new IllegalStateException("not now");
      }
    };
    assertThrows(RuntimeException.class, () -> space.addListener(failing));
    long generation = memory.generation();
    bank.select(1);
    assertEquals(generation, memory.generation());
    assertEquals("second", who(0x8000));
  }
}
