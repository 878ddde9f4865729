package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A failure is cut down to what is needed for it, and told in lines that can be pasted. */
class ShrinkerTest {

  private static final BigInteger PAGE = BigInteger.valueOf(0x1000);

  @Test
  void onlyStepsThatAreNeededRemainInTheirOrder() {
    List<Integer> hundred = IntStream.range(0, 100).boxed().toList();
    List<Integer> needed = List.of(3, 42, 97);
    assertEquals(needed, Shrinker.shrink(hundred, part -> part.containsAll(needed)));
  }

  @Test
  void aFailureThatNeedsNothingShrinksToNothing() {
    assertEquals(List.of(), Shrinker.shrink(List.of(1, 2, 3), _ -> true));
  }

  @Test
  void aPlantedBugIsReportedWithItsSeedAndAtMostSixSteps() {
    AssertionError report = assertThrows(AssertionError.class,
        () -> Seeds.check(LongStream.range(0, 20), Histories::anywhere, _ -> ShrinkerTest::noTwoAliasesInOneParent));
    String[] parts = report.getMessage().split("\n\n");
    assertTrue(parts[0].matches("-Dflatview.seed=\\d+ fails; [456] of \\d+ steps are enough:"), parts[0]);
    assertTrue(parts[1].contains("tx.addSubregion("), parts[1]);
    assertTrue(parts[2].contains("two aliases"), parts[2]);
  }

  private static void noTwoAliasesInOneParent(List<Op> history) {
    ModelMap map = new ModelMap();
    for (Op op : history) {
      if ((op instanceof Op.Make || op instanceof Op.Add) && map.makesSense(op) && map.refusal(op) == null) {
        map.apply(op);
      }
    }
    long aliases = map.regions.values().stream()
        .filter(region -> region.kind == Kind.ALIAS && region.parent == 0).count();
    assertTrue(aliases < 2, "two aliases in r0");
  }

  @Test
  void aHistoryReadsAsJava() {
    List<Op> history = List.of(
        Op.Make.of(0, Kind.CONTAINER, ModelRegion.SPACE),
        new Op.Make(1, Kind.ALIAS, PAGE, 0, PAGE),
        new Op.Add(0, BigInteger.ZERO, 1, -1),
        new Op.Begin(),
        new Op.SetFlag(1, Op.Flag.READ_ONLY, 1),
        new Op.Begin(),
        new Op.SetFlag(1, Op.Flag.DIRTY_LOG_MASK, 3),
        new Op.RollBack(),
        new Op.Commit(Op.Commit.NO_TRAP),
        new Op.OpenSpace(7, 0));
    assertEquals("""
        MemoryRegion.Container r0 = memory.container("r0", Size.FULL);
        MemoryRegion.Alias r1 = memory.alias("r1", r0, 0x1000L, Size.bytes(0x1000L));
        memory.update(tx -> tx.addSubregion(r0, 0x0L, r1, -1));
        Transaction tx1 = memory.begin();
        tx1.setReadOnly(r1, true);
        Transaction tx2 = memory.begin();
        tx2.setDirtyLogMask(r1, 3);
        tx2.close();
        tx1.commit();
        AddressSpace s7 = memory.addressSpace("s7", r0);
        """, Script.of(history));
  }
}
