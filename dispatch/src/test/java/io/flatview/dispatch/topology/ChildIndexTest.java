package io.flatview.dispatch.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The index of children against a list of them, whenever and by whomever it is asked. */
class ChildIndexTest {

  private static final int THREADS = 4;

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private final MemoryRegion.Container parent = memory.container("parent", Size.FULL);

  @AfterEach
  void close() {
    memory.close();
    policy.close();
  }

  private RegionNode child(int number) {
    return RegionNode.of(memory.container("child" + number, Size.bytes(0x10)));
  }

  private RegionState placed(RegionNode child, long address, long order) {
    return child.state.in((ParentNode) RegionNode.of(parent), address, 0, order);
  }

  private static List<RegionNode> found(ChildIndex index) {
    return index.meeting(0, -1).stream().map(entry -> entry.child).toList();
  }

  /** A child in the model. */
  private record Placed(RegionNode child, RegionState state) {}

  private static List<RegionNode> expected(List<Placed> model) {
    return model.stream()
        .sorted(Comparator.<Placed>comparingLong(one -> one.state.address())
            .thenComparingLong(one -> one.child.id()))
        .map(Placed::child).toList();
  }

  @Test
  void itHoldsWhatWasAddedAndNotTakenOutHoweverLongNobodyAsks() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      ChildIndex index = ChildIndex.EMPTY;
      List<Placed> model = new ArrayList<>();
      for (int step = 0; step < 60; step++) {
        index = step(random, index, model, step);
        assertEquals(model.stream().filter(one -> one.state.enabled()).count(), index.enabled());
        if (random.nextInt(20) == 0) {
          assertEquals(expected(model), found(index));
        }
      }
      assertEquals(expected(model), found(index));
    }
  }

  private ChildIndex step(Random random, ChildIndex index, List<Placed> model, int step) {
    int kind = model.isEmpty() ? 0 : random.nextInt(6);
    if (kind < 3) {
      RegionNode child = child(step);
      Placed placed = new Placed(child, placed(child, random.nextInt(40) * 8L, step));
      model.add(placed);
      return index.with(child, placed.state);
    }
    Placed one = model.remove(random.nextInt(model.size()));
    if (kind == 3) {
      return index.without(one.child, one.state);
    }
    boolean enabled = !one.state.enabled();
    RegionState after = kind == 4 ? one.state.withEnabled(enabled)
        : one.state.withEnabled(enabled).withSize(Size.bytes(1 + random.nextInt(64)));
    model.add(new Placed(one.child, after));
    return kind == 4 ? index.enabling(one.child, after) : index.replacing(one.child, one.state, after);
  }

  @Test
  void theOnlyEnabledChildIsFoundAmongManyThatAreNot() {
    ChildIndex index = ChildIndex.EMPTY;
    List<Placed> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      RegionNode child = child(i);
      Placed placed = new Placed(child, placed(child, (i * 37 % 100) / 2 * 0x10L, i).withEnabled(false));
      all.add(placed);
      index = index.with(child, placed.state);
    }
    for (Placed one : all) {
      ChildIndex with = index.enabling(one.child, one.state.withEnabled(true));
      assertEquals(1, with.enabled());
      assertSame(one.child, with.onlyEnabled());
      assertEquals(0, with.enabling(one.child, one.state).enabled());
    }
  }

  /**
   * Forbidden: a thread finds the link to the index before cut and the tree not there yet; or two threads that make the
   * tree at once, each from what the other has half resolved, lose a child.
   */
  @Test
  void anyThreadMayBeTheFirstToAsk() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      CyclicBarrier together = new CyclicBarrier(THREADS);
      for (int round = 0; round < 200; round++) {
        List<ChildIndex> indexes = new ArrayList<>();
        List<RegionNode> all = new ArrayList<>();
        ChildIndex index = ChildIndex.EMPTY;
        for (int i = 0; i < 30; i++) {
          RegionNode child = child(i);
          all.add(child);
          index = index.with(child, placed(child, i * 0x10L, i));
          indexes.add(index);
        }
        List<Callable<Boolean>> asking = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          Random random = new Random(round * 31L + i);
          asking.add(() -> {
            together.await(60, TimeUnit.SECONDS);
            int at = random.nextInt(indexes.size());
            return found(indexes.get(at)).equals(all.subList(0, at + 1))
                && found(indexes.getLast()).equals(all);
          });
        }
        for (Future<Boolean> answer : threads.invokeAll(asking, 60, TimeUnit.SECONDS)) {
          assertEquals(true, answer.get());
        }
      }
    }
  }
}
