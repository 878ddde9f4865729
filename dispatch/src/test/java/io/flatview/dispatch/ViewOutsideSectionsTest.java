package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.flatview.dispatch.generation.DispatchedSpace;
import io.flatview.dispatch.generation.Generation;
import io.flatview.memory.FlatView;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.RcuReference;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** {@code flatView()} is called outside sections, so a grace period may end in its midst. */
class ViewOutsideSectionsTest extends OnAMachine {

  private final DispatchedSpace dispatched = (DispatchedSpace) space;

  @SuppressWarnings("unchecked")
  private Generation inForce() {
    try {
      Field field = DispatchedSpace.class.getDeclaredField("generations");
      field.setAccessible(true);
      return ((RcuReference<Generation>) field.get(dispatched)).dereferenceProtected();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> names(FlatView view) {
    return view.sections().stream().map(section -> section.region().name()).toList();
  }

  /** The thread is held up right after it looked at the generation, until the space has another slot and no earlier. */
  @Test
  void aViewIsNotEmptyIfTheSpaceMovesAndAGracePeriodEndsMeanwhile() {
    MemoryRegion.Container inner = memory.container("inner", Size.FULL);
    MemoryRegion first = memory.mmio("first", Size.kib(4), new Registers());
    MemoryRegion second = memory.mmio("second", Size.kib(4), new Registers());
    memory.update(tx -> tx.addSubregion(system, 0, inner).addSubregion(inner, 0, first));
    policy.runGracePeriod();
    Generation before = inForce();
    int slot = dispatched.stay().slot();
    memory.update(tx -> tx.addSubregion(system, 0x1000, second, 1));
    policy.runGracePeriod();
    assertNotEquals(slot, dispatched.stay().slot(), "the space has not moved: the test proves nothing");
    assertEquals(List.of(), names(dispatched.view(before)), "one look is enough: the test proves nothing");

    Queue<Generation> looks = new ArrayDeque<>(List.of(before, inForce(), inForce()));
    assertEquals(List.of("first", "second"), names(dispatched.view(looks::remove)));
  }
}
