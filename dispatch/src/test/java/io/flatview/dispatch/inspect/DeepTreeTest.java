package io.flatview.dispatch.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.DispatchMemory;
import io.flatview.memory.AddressSpace;
import io.flatview.memory.Explanation;
import io.flatview.memory.MapInspector;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.Size;
import io.flatview.rcu.contract.ManualReclaimPolicy;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tree of any depth is shown, however small the stack of the thread that asks. */
class DeepTreeTest {

  private static final int DEPTH = 3_000;
  private static final long SMALL_STACK = 256 << 10;

  private final ManualReclaimPolicy policy = new ManualReclaimPolicy();
  private final DispatchMemory memory = DispatchMemory.create(policy);
  private AddressSpace space;

  @BeforeEach
  void build() throws InterruptedException {
    inAThread(64L << 20, () -> {
      List<MemoryRegion.Container> levels = IntStream.range(0, DEPTH)
          .mapToObj(level -> memory.container("r" + level, Size.mib(1))).toList();
      MemoryRegion.Ram ram = memory.ram("ram", Size.kib(4));
      MemoryRegion.Ram other = memory.ram("other", Size.kib(4));
      memory.update(tx -> {
        for (int level = 1; level < DEPTH; level++) {
          tx.addSubregion(levels.get(level - 1), 0, levels.get(level));
        }
        tx.addSubregion(levels.getLast(), 0, ram).addSubregion(levels.getLast(), 0x1000, other);
      });
      space = memory.addressSpace("memory", levels.getFirst());
    });
  }

  @AfterEach
  void close() {
    memory.close();
    policy.runGracePeriod();
  }

  private static void inAThread(long stack, Runnable work) throws InterruptedException {
    Throwable[] thrown = new Throwable[1];
    Thread thread = new Thread(null, work, "stack of " + stack, stack);
    thread.setUncaughtExceptionHandler((_, e) -> thrown[0] = e);
    thread.start();
    thread.join();
    assertEquals(null, thrown[0]);
  }

  @Test
  void anAddressIsExplainedThroughAllLevels() throws InterruptedException {
    inAThread(SMALL_STACK, () -> {
      Explanation explanation = space.explain(0);
      assertEquals(DEPTH + 1, explanation.candidates().size());
      assertEquals(DEPTH, explanation.candidates().getLast().depth());
      MapInspector inspector = memory.inspect();
      assertTrue(inspector.text(explanation).contains("ram (prio 0, ram) @0000000000000000: answers"));
      assertTrue(inspector.json(explanation).contains("\"verdict\": \"answers\""));
    });
  }

  @Test
  void everyTextDocumentAndPictureShowsTheLowestRegion() throws InterruptedException {
    inAThread(SMALL_STACK, () -> {
      MapInspector inspector = memory.inspect();
      for (String shown : List.of(inspector.tree(), inspector.json(), inspector.svg(memory.addressSpaces()),
          inspector.html("deep", memory.addressSpaces()))) {
        assertTrue(shown.contains("other"));
      }
    });
  }
}
