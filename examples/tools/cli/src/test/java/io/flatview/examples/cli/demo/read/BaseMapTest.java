package io.flatview.examples.cli.demo.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemorySystem;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.ReclaimPolicies;
import io.flatview.rcu.ReclaimPolicy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BaseMapTest {

  private static final Size PAGE = Size.bytes(0x1000);

  private final ReclaimPolicy policy = ReclaimPolicies.discover("epoch");
  private final MemorySystem memory = DispatchMemory.create(policy);
  private final MemoryRegion.Container system = memory.container("system", Size.FULL);
  private final MemoryRegion.Container board = memory.container("board", Size.bytes(0x8000));
  private final MemoryRegion.Reserved low = memory.reserved("low", PAGE);
  private final MemoryRegion.Reserved high = memory.reserved("high", PAGE);
  private final AddressSpace space = memory.addressSpace("memory", system);

  BaseMapTest() {
    memory.update(changes -> changes
        .addSubregion(system, 0x1_0000, board)
        .addSubregion(board, 0x1000, low)
        .addSubregion(board, 0x1800, high, 1)
        .addSubregion(system, 0x2_0000, memory.alias("window", board, 0x1000, PAGE)));
  }

  @AfterEach
  void close() {
    memory.close();
    policy.close();
  }

  private TreeWalk.Answer ask(long address) {
    return new TreeWalk(Set.of()).ask(space, address).orElseThrow();
  }

  @Test
  void aWalkAddsUpTheOffsetsOnItsWay() {
    assertEquals(new TreeWalk.Answer(low, 0x10), ask(0x1_1010));
  }

  @Test
  void aWalkAsksTheHigherPriorityFirst() {
    assertSame(high, ask(0x1_1800).region());
    assertSame(low, ask(0x1_17FF).region());
  }

  @Test
  void aWalkFollowsAliasesNoFurtherThanTheyReach() {
    assertEquals(new TreeWalk.Answer(high, 0x10), ask(0x2_0810));
    assertSame(TreeWalk.Answer.NOBODY, ask(0x2_1000));
  }

  @Test
  void aWalkFindsNobodyInAHole() {
    assertSame(TreeWalk.Answer.NOBODY, ask(0x1_0FFF));
    assertSame(TreeWalk.Answer.NOBODY, ask(-1));
  }

  @Test
  void aWalkHasNoAnswerForWhatChanges() {
    assertEquals(Optional.empty(), new TreeWalk(Set.of(board)).ask(space, 0x2_0810));
  }

  @Test
  void whatTheWalkFoundIsWhatTranslationsGive() {
    BaseMap map = BaseMap.of(List.of(space), Set.of());
    assertTrue(map.size() > 10);
    MapReader reader = memory.reader();
    try (ReadSection _ = reader.enter()) {
      for (int index = 0; index < map.size(); index++) {
        assertTrue(map.holds(reader, index), map.describe(index));
      }
    }
  }

  @Test
  void aChangeOfWhatShouldNotChangeIsNoticed() {
    BaseMap map = BaseMap.of(List.of(space), Set.of());
    memory.update(changes -> changes.setEnabled(high, false));
    MapReader reader = memory.reader();
    try (ReadSection _ = reader.enter()) {
      boolean all = true;
      for (int index = 0; index < map.size(); index++) {
        all &= map.holds(reader, index);
      }
      assertEquals(false, all);
    }
  }
}
