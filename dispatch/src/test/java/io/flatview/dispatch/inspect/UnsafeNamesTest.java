package io.flatview.dispatch.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.FlatViewDiff;
import io.flatview.memory.MapException;
import io.flatview.memory.MapInspector;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MtreeOption;
import io.flatview.memory.PrintableText;
import io.flatview.memory.RegionLabels;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No name can make a terminal do anything, whichever text shows it. */
class UnsafeNamesTest {

  /** A line feed, ESC, the one-character form of ESC [, a mark that turns the direction, a line separator, a tag. */
  private static final String NAME = "a\nb\u001b[2Jc\u009b2Jd\u202ee\u2028f\udb40\udc01g";

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final MemoryRegion.Container root = memory.container(NAME, Size.mib(1));
  private final MemoryRegion.Ram ram = memory.ram(NAME, Size.kib(8));
  private final MemoryRegion.Alias alias = memory.alias(NAME, ram, 0, Size.kib(4));

  @AfterEach
  void close() {
    memory.close();
    policy.runGracePeriod();
  }

  private static final RegionLabels OWNED = new RegionLabels() {
    @Override
    public Optional<String> owner(MemoryRegion region) {
      return Optional.of("owner:{" + NAME + "}");
    }
  };

  @Test
  void aNameIsWrittenInPrintableCharacters() {
    assertEquals("a\\nb\\u001b[2Jc\\u009b2Jd\\u202ee\\u2028f\\u{0e0001}g", PrintableText.of(NAME));
    assertEquals("\u00fc \u2192 \ud83d\ude00", PrintableText.of("\u00fc \u2192 \ud83d\ude00"));
  }

  @Test
  void noTextDocumentOrPictureHoldsWhatATerminalObeys() {
    memory.update(tx -> tx.addSubregion(root, 0, alias));
    AddressSpace space = memory.addressSpace(NAME, root);
    MapInspector inspector = memory.inspect(OWNED);
    AddressSpace empty = memory.addressSpace("empty", memory.container("x", Size.kib(4)));
    FlatViewDiff diff = FlatViewDiff.between(empty.flatView(), space.flatView());
    for (String text : List.of(
        inspector.tree(MtreeOption.OWNER), inspector.flatViews(MtreeOption.OWNER), inspector.json(),
        inspector.text(space.explain(0)), inspector.json(space.explain(0)), inspector.text(diff), inspector.json(diff),
        inspector.svg(List.of(space)), inspector.html(NAME, List.of(space)))) {
      assertTrue(text.codePoints().allMatch(c -> c == '\n' || c == '\t' || PrintableText.isPrintable(c)), text);
    }
    assertEquals(10, inspector.tree().lines().count(), inspector.tree());
  }

  @Test
  void aRefusalNamesRegionsSafely() {
    memory.update(tx -> tx.addSubregion(root, 0, alias));
    MapException refused = assertThrows(MapException.class, () -> memory.update(tx -> tx.addSubregion(root, 0, alias)));
    assertTrue(refused.getMessage().lines().count() == 1 && refused.getMessage().contains("\\u009b"),
        refused.getMessage());
  }
}
