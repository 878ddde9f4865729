package io.flatview.dispatch.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Explanation;
import io.flatview.memory.Explanation.Verdict;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MtreeOption;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What shows in the texts, documents and pictures of a map with a bank. */
class BankTextTest {

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final MemoryRegion.Container system = memory.container("system", Size.kib(64));
  private final MemoryRegion.Bank bank = memory.bank("bank", Size.kib(8), 3);
  private final MemoryRegion.Rom rom = memory.rom("rom", Size.kib(8));
  private final MemoryRegion.Ram ram = memory.ram("ram", Size.kib(4));
  private final MemoryRegion.Ram below = memory.ram("below", Size.kib(64));
  private AddressSpace space;

  @BeforeEach
  void build() {
    memory.update(tx -> tx
        .addSubregion(system, 0, below, -1)
        .addSubregion(system, 0x8000, bank)
        .setVariant(bank, 0, rom)
        .setVariant(bank, 2, ram));
    space = memory.addressSpace("memory", system);
  }

  @AfterEach
  void close() {
    memory.close();
    policy.runGracePeriod();
  }

  @Test
  void aTreeListsAVariantThatIsNotSelectedLikeADisabledRegion() {
    bank.select(2);
    String listed = memory.inspect().tree();
    assertTrue(listed.contains("(prio 0, i/o): bank [bank, variant 2 of 3]\n"), listed);
    assertTrue(listed.contains("(prio 2, ram): ram\n"), listed);
    assertFalse(listed.contains("rom): rom"), listed);
    String all = memory.inspect().tree(MtreeOption.DISABLED);
    assertTrue(all.contains("(prio 0, rom): rom [disabled]\n"), all);
    bank.select(MemoryRegion.Bank.NONE);
    assertTrue(memory.inspect().tree().contains("bank [bank, none of 3]\n"));
  }

  @Test
  void aFlatViewHasWhatTheBankSelectsInItsPlace() {
    bank.select(2);
    assertEquals("""
        FlatView #0
         AS "memory", root: system
         Root memory region: system
          0000000000000000-0000000000007fff (prio -1, ram): below
          0000000000008000-0000000000008fff (prio 2, ram): ram
          0000000000009000-0000000000009fff (prio -1, ram): below @0000000000009000
          000000000000a000-000000000000ffff (prio -1, ram): below @000000000000a000

        """, memory.inspect().flatViews());
  }

  @Test
  void anExplanationSaysWhichVariantIsNotSelected() {
    bank.select(2);
    Explanation explanation = space.explain(0x8010);
    assertEquals(List.of(Verdict.PASSES_ON, Verdict.PASSES_ON, Verdict.ANSWERS, Verdict.NOT_SELECTED, Verdict.HIDDEN),
        explanation.candidates().stream().map(Explanation.Candidate::verdict).toList());
    assertEquals(ram, explanation.answer().orElseThrow().region());
    String text = memory.inspect().text(explanation);
    assertTrue(text.contains("rom (prio 0, rom) @0000000000000010: is variant 0, which its bank does not select"),
        text);
    assertTrue(text.contains("bank (prio 0, i/o) @0000000000000010: is a bank, asks the variant that it selects"),
        text);
    assertEquals(below, space.explain(0x9010).answer().orElseThrow().region());
    assertTrue(memory.inspect().json(explanation).contains("\"verdict\": \"not_selected\""));
  }

  @Test
  void theDocumentHasTheSelectionAndAllVariants() {
    bank.select(2);
    String json = memory.inspect().json();
    assertTrue(json.contains("\"kind\": \"bank\""), json);
    assertTrue(json.contains("\"selected\": 2"), json);
    assertTrue(json.contains("\"banks\": ["), json);
    memory.update(tx -> tx.delSubregion(bank));
    assertFalse(memory.inspect().json().contains("\"banks\""));
  }

  @Test
  void aDocumentOfWhatIsSelectedLeavesOtherVariantsOut() {
    bank.select(2);
    String json = memory.inspect().jsonOfSelected();
    assertTrue(json.contains("\"format\": \"flatview-map-1\""), json);
    assertTrue(json.contains("\"selected\": 2"), json);
    assertTrue(json.contains("\"name\": \"ram\""), json);
    assertFalse(json.contains("\"name\": \"rom\""), json);
    assertFalse(json.contains("\"banks\""), json);
    bank.select(MemoryRegion.Bank.NONE);
    String none = memory.inspect().jsonOfSelected();
    assertTrue(none.contains("\"selected\": -1"), none);
    assertFalse(none.contains("\"name\": \"ram\""), none);
  }

  @Test
  void aDocumentOfWhatIsSelectedDoesNotGrowWithTheVariants() {
    MemoryRegion.Bank large = memory.bank("large", Size.kib(8), 1000);
    memory.update(tx -> {
      tx.addSubregion(system, 0xc000, large);
      for (int i = 0; i < 1000; i++) {
        tx.setVariant(large, i, memory.alias("variant " + i, below, 0, Size.kib(8)));
      }
    });
    large.select(500);
    int length = memory.inspect().jsonOfSelected().length();
    assertTrue(length < 6000, () -> length + " characters");
    assertTrue(memory.inspect().jsonOfSelected().contains("variant 500"));
    assertTrue(memory.inspect().json().length() > 800_000);
  }

  @Test
  void aPictureShowsWhatIsSelectedAndCountsTheRest() {
    bank.select(0);
    String svg = memory.inspect().svg(List.of(space));
    assertTrue(svg.contains("1 variants not selected"), svg);
    assertTrue(svg.contains(">rom<"), svg);
    assertFalse(svg.contains(">ram<"), svg);
  }
}
