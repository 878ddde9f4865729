package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.Access;
import io.flatview.memory.AtomicOp;
import io.flatview.memory.MemTxAttrs;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MemoryRegionCache;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.Translation;
import io.flatview.rcu.ReadSection;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** A reader is used by one thread at a time; a section is that of the thread which entered it. */
class TakenReaderTest extends OnAMachine {

  /** What another thread throws, which is joined. */
  private static IllegalStateException refusedElsewhere(Runnable use) {
    return assertRefused(IllegalStateException.class, () -> elsewhere(use));
  }

  private static void elsewhere(Runnable use) {
    try {
      CompletableFuture.runAsync(use, task -> Thread.ofPlatform().start(task)).join();
    } catch (CompletionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  @Test
  void aSecondThreadIsRefusedWhileTheFirstIsInsideAndNamed() {
    place(0, ram("ram", 0x1000));
    MemoryRegionCache cache = reader.cache(space, 0, 0x1000);
    try (ReadSection section = reader.enter()) {
      Translation t = reader.translate(space, 0, 4, Access.READ);
      assertNames(refusedElsewhere(() -> load(0, 4)),
          "'vcpu0'", "#" + Thread.currentThread().threadId(), "newReader()");
      refusedElsewhere(() -> store(0, 4, 1));
      refusedElsewhere(() -> reader.translate(space, 0, 4, Access.READ));
      refusedElsewhere(() -> reader.enter().close());
      refusedElsewhere(() -> reader.fetchAndOp(space, 0, 4, AtomicOp.ADD, 1));
      refusedElsewhere(() -> reader.fill(space, 0, 16, (byte) 1, MemTxAttrs.UNSPECIFIED));
      refusedElsewhere(() -> reader.wrote(space, 0, 4));
      refusedElsewhere(() -> cache.load(0, 4));
      refusedElsewhere(t::memory);
      refusedElsewhere(t::loggedMemory);
      refusedElsewhere(section::close);
      refusedElsewhere(reader::quiescent);
      refusedElsewhere(reader::offline);
      refusedElsewhere(reader::close);
      assertLoads(0, 0, 4);
    }
    assertEquals(0, load(0, 4));
  }

  @Test
  void betweenSectionsAnotherThreadTakesTheReaderOver() {
    place(0, ram("ram", 0x1000));
    assertStores(0, 4, 0x1234);
    elsewhere(() -> {
      try (ReadSection _ = reader.enter()) {
        assertLoads(0x1234, 0, 4);
        assertSame(null, reader.translate(space, 0x2000, 4, Access.READ).memory());
      }
    });
    assertLoads(0x1234, 0, 4);
  }

  @Test
  void aTranslationGivesNoMemoryAfterItsSection() {
    place(0, ram("ram", 0x1000));
    Translation kept;
    try (ReadSection _ = reader.enter()) {
      kept = reader.translate(space, 0, 4, Access.READ);
    }
    assertRefused(IllegalStateException.class, kept::memory, "'vcpu0'");
    assertRefused(IllegalStateException.class, kept::loggedMemory, "'vcpu0'");
  }

  /** The access goes on in memory behind the device, which would be gone. */
  @Test
  void aDeviceCannotEndTheSectionThatItsOwnAccessGoesOnWith() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    ReadSection[] open = new ReadSection[1];
    boolean[] released = new boolean[1];
    MmioHandler closing = new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        open[0].close();
        assertRefused(IllegalStateException.class, open[0]::close, "more often than entered");
        released[0] = ram.released().toCompletableFuture().isDone();
        return 0x11;
      }

      @Override
      public void write(long offset, int size, long value) {}
    };
    place(0, memory.mmio("device", Size.bytes(1), closing));
    place(1, ram);
    byte[] into = new byte[4];
    open[0] = reader.enter();
    reader.read(space, 0, into, 0, 4);
    assertEquals(0x11, into[0]);
    assertEquals(false, released[0]);
    assertRefused(IllegalStateException.class, reader::generation, "outside");
  }

  @Test
  void sectionsThatAreNestedTooDeepAreRefusedAndTheOthersLeft() {
    ReadSection section = null;
    int entered = 0;
    try {
      while (true) {
        section = reader.enter();
        entered++;
      }
    } catch (IllegalStateException e) {
      assertNames(e, "'vcpu0'", "" + entered);
    }
    assertTrue(entered > 30_000);
    for (int i = 0; i < entered; i++) {
      section.close();
    }
    assertRefused(IllegalStateException.class, reader::generation, "outside");
  }

  @Test
  void aClientTakesNoMarksOfAnotherMemorySystem() {
    try (DispatchMemory other = DispatchMemory.create(policy)) {
      MemoryRegion.Ram foreign = other.ram("foreign", Size.kib(4));
      assertRefused(IllegalArgumentException.class,
          () -> memory.dirtyClient("client").snapshotAndClear(foreign), "foreign", "'client'", "another memory system");
    }
  }

  @Test
  void memoryThatWasReleasedUntouchedStaysGone() {
    MemoryRegion.Ram ram = ram("brief", 0x1000);
    place(0, ram);
    remove(ram);
    ram.close();
    policy.barrier();
    assertTrue(ram.released().toCompletableFuture().isDone());
    assertRefused(IllegalStateException.class, () -> ram.copyIn(0, MemorySegment.ofArray(new byte[1])),
        "brief");
  }

  /** Tests run in checked mode; without, it would be undefined. */
  @Test
  void rawMemoryThatIsKeptBeyondItsSectionThrowsOnceItIsReleased() {
    MemoryRegion.Ram ram = ram("ram", 0x1000);
    place(0, ram);
    MemorySegment kept;
    try (ReadSection _ = reader.enter()) {
      kept = reader.translate(space, 0, 4, Access.READ).memory();
    }
    remove(ram);
    ram.close();
    policy.barrier();
    assertRefused(IllegalStateException.class, () -> kept.get(ValueLayout.JAVA_BYTE, 0));
  }
}
