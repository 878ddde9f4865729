package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.AddressRange;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatViewDiff;
import io.flatview.memory.FlatViewDiff.Kind;
import io.flatview.memory.MemoryListener;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Transaction;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kind of change reaches a listener for a range, and has a word in texts and documents; a new one needs a row. */
class KindsOfChangeTest extends OnAMachine {

  private final Map<Kind, Consumer<Transaction>> examples = new EnumMap<>(Kind.class);

  @BeforeEach
  void placeOneOfEach() {
    MemoryRegion.Ram ram = ram("ram", 0x4000);
    MemoryRegion.Mmio device = mmio("device", 0x100);
    MemoryRegion.Mmio other = mmio("other", 0x100);
    memory.update(tx -> tx.addSubregion(system, 0, ram).addSubregion(system, 0x8000, device));
    examples.put(Kind.REMOVED, tx -> tx.delSubregion(device));
    examples.put(Kind.ADDED, tx -> tx.addSubregion(system, 0x9000, other));
    examples.put(Kind.MOVED, tx -> tx.setAddress(device, 0x9000));
    examples.put(Kind.RESIZED, tx -> tx.addSubregion(system, 0x3f00, other, 1));
    examples.put(Kind.ALTERED, tx -> tx.setReadOnly(ram, true));
  }

  @ParameterizedTest
  @EnumSource
  void aListenerForARangeIsCalledAndTheDocumentHasItsWord(Kind kind) {
    List<FlatViewDiff> heard = new ArrayList<>();
    try (AddressSpace.Registration _ =
        space.addListener(MemoryListener.batch(change -> heard.add(change.diff())), new AddressRange(0, 0xffff))) {
      heard.clear();
      memory.update(examples.get(kind));
    }
    FlatViewDiff diff = heard.getFirst();
    assertTrue(diff.changes().stream().anyMatch(change -> change.kind() == kind), diff::toString);
    String word = kind.name().toLowerCase(Locale.ROOT);
    assertTrue(memory.inspect().json(diff).contains("\"" + word + "\""), word);
    assertTrue(memory.inspect().text(diff).contains(word), word);
    assertEquals(Kind.values().length, examples.size());
  }
}
