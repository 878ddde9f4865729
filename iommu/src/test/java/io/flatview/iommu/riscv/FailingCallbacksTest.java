package io.flatview.iommu.riscv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the embedder's wires and executors throw stops nothing else. */
class FailingCallbacksTest extends OnAnIommu {

  private static final long FENCE = 2;
  private static final long PR = 1 << 12;

  @Test
  void aWireThatThrowsKeepsNoOtherWireFromItsLevel() {
    List<Integer> called = new ArrayList<>();
    Interrupts interrupts = new Interrupts((vector, _) -> {
      called.add(vector);
      throw new IllegalStateException("wire " + vector);
    }, Capabilities.ALL, (_, _) -> {});
    interrupts.setVectors(0x21);
    interrupts.raise(Interrupts.COMMAND_QUEUE);
    interrupts.raise(Interrupts.FAULT_QUEUE);
    assertEquals("wire 1", assertThrows(IllegalStateException.class, interrupts::deliver).getMessage());
    assertEquals(List.of(1, 2), called);
  }

  @Test
  void aMessageThatThrowsKeepsNoOtherMessage() {
    List<Long> sent = new ArrayList<>();
    Interrupts interrupts = new Interrupts((_, _) -> {},
        Capabilities.ALL.withInterrupts(InterruptGeneration.MESSAGES), (address, _) -> {
          sent.add(address);
          throw new IllegalStateException("message");
        });
    interrupts.setVectors(0x21);
    interrupts.writeMessage(768 + 16, 0x1000);
    interrupts.writeMessage(768 + 32, 0x2000);
    interrupts.raise(Interrupts.COMMAND_QUEUE);
    interrupts.raise(Interrupts.FAULT_QUEUE);
    assertThrows(IllegalStateException.class, interrupts::deliver);
    assertEquals(List.of(0x1000L, 0x2000L), sent);
  }

  @Test
  void aFenceGoesOnIfTheExecutorThrows() {
    tasks = _ -> {
      throw new IllegalStateException("no threads are left");
    };
    command(FENCE | PR, 0);
    command(3, 0);
    policy.runGracePeriod();
    assertEquals(2, get4(RegisterFile.CQH));
  }

  @Test
  void aLongQueueGoesOnIfTheExecutorThrows() {
    tasks = _ -> {
      throw new InternalError("no threads are left");
    };
    long queue = frames(4);
    set4(RegisterFile.CQCSR, 0);
    set8(RegisterFile.CQB, queue >>> 2 | 9);
    set4(RegisterFile.CQCSR, 1);
    for (int i = 0; i < 1000; i++) {
      put(queue + 16 * i, 3, 0);
    }
    set4(RegisterFile.CQT, 1000);
    assertEquals(1000, get4(RegisterFile.CQH));
  }

  /** An executor that runs its task at once lets out what the task throws, and runs it once. */
  @Test
  void aTaskThatThrowsIsNotRunAgain() {
    int[] runs = {0};
    tasks = task -> {
      runs[0]++;
      task.run();
      throw new IllegalStateException("after the task");
    };
    command(FENCE | PR, 0);
    policy.runGracePeriod();
    assertEquals(1, get4(RegisterFile.CQH));
    assertEquals(1, runs[0]);
  }
}
