package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.Access;
import io.flatview.memory.MapReader;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.Size;
import io.flatview.rcu.ReadSection;
import io.flatview.rcu.contract.Await;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

/** A thread has one reader of its own, also where it keeps no reference to that, and the collector comes. */
class OwnReaderTest extends OnAMachine {

  private static final int COLLECTIONS = 3;

  private void collectTheReader() {
    WeakReference<MapReader> own = new WeakReference<>(memory.reader());
    Await.until("the reader was collected", () -> {
      System.gc();
      return own.refersTo(null);
    });
  }

  /** Forbidden: the access succeeded, as far as the next reader knows. */
  @Test
  void theLastResultIsThatOfTheLastAccess() {
    place(0, memory.ram("ram", Size.kib(4)));
    memory.reader().load(space, 0x1000, 4);
    collectTheReader();
    assertEquals(MemTxResult.DECODE_ERROR, memory.reader().lastResult());
    memory.reader().load(space, 0xffe, 4);
    collectTheReader();
    assertEquals(MemTxResult.DECODE_ERROR, memory.reader().lastResult());
    memory.reader().load(space, 0, 4);
    collectTheReader();
    assertEquals(MemTxResult.OK, memory.reader().lastResult());
  }

  /** Forbidden: the thread gets another reader inside, which is outside any section, or sees another generation. */
  @Test
  void aSectionIsThatOfTheThreadToItsEnd() {
    try (ReadSection _ = memory.reader().enter()) {
      long pinned = memory.reader().generation();
      place(0, mmio("late", 0x1000));
      for (int i = 0; i < COLLECTIONS; i++) {
        System.gc();
      }
      assertEquals(pinned, memory.reader().generation());
      assertEquals("unassigned", memory.reader().translate(space, 0, 4, Access.READ).section().region().name());
    }
    assertEquals("late", nameNow());
  }

  private String nameNow() {
    try (ReadSection _ = memory.reader().enter()) {
      return memory.reader().translate(space, 0, 4, Access.READ).section().region().name();
    }
  }
}
