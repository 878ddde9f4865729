package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapException;
import io.flatview.memory.MemoryRegion;
import io.flatview.memory.MmioHandler;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that change the map call each other, in a thread of the user's and in a device's callback. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
@Timeout(180)
class TransactionsInTransactionsTest extends OnAMachine {

  private static final long DEVICE = 0x1_0000;

  private final boolean inDevice;
  private final MemoryRegion.Container bus = container("bus", 0x1000);
  private final MemoryRegion.Ram ram = ram("ram", 0x100);
  private Runnable callback = () -> { };

  TransactionsInTransactionsTest(boolean inDevice) {
    this.inDevice = inDevice;
  }

  private final class Caller implements MmioHandler {

    @Override
    public long read(long offset, int size) {
      callback.run();
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {}
  }

  @BeforeEach
  void placeAll() {
    memory.update(tx -> tx
        .addSubregion(system, DEVICE, memory.mmio("device", Size.bytes(1), new Caller()))
        .addSubregion(system, 0x2000, bus)
        .addSubregion(system, 0, ram));
  }

  private void assertShows(String... picture) {
    List<String> all = new ArrayList<>(List.of(picture));
    all.add("10000-10000 device @0");
    assertView(all.toArray(String[]::new));
  }

  private void run(Runnable changes) {
    callback = changes;
    if (inDevice) {
      reader.load(space, DEVICE, 1);
    } else {
      changes.run();
    }
  }

  /** What a method does that knows nothing of its caller's transaction. */
  private CommitTicket helper(Consumer<Transaction> changes) {
    return memory.update(changes);
  }

  @Test
  void aTransactionThatAHelperMakesIsPartOfTheCallers() {
    long before = memory.generation();
    AtomicReference<CommitTicket> outer = new AtomicReference<>();
    AtomicReference<CommitTicket> inner = new AtomicReference<>();
    run(() -> outer.set(memory.update(tx -> {
      tx.delSubregion(ram);
      inner.set(helper(nested -> nested.addSubregion(bus, 0, ram)));
      tx.setAddress(ram, 0x80);
    })));
    assertShows("2080-217f ram @0");
    assertEquals(before + 1, memory.generation());
    assertEquals(before + 1, outer.get().generation());
    assertEquals(before + 1, inner.get().generation());
  }

  @Test
  void aTransactionThatAHelperMakesIsUndoneWithTheCallers() {
    AtomicReference<CommitTicket> inner = new AtomicReference<>();
    run(() -> assertThrows(UnsupportedOperationException.class, () -> memory.update(tx -> {
      inner.set(helper(nested -> nested.delSubregion(ram)));
      throw new UnsupportedOperationException();
    })));
    assertShows("0-ff ram @0");
    assertTrue(inner.get().quiesced().toCompletableFuture().isCompletedExceptionally());
  }

  @Test
  void aHelperThatFailsUndoesItsOwnChangesOnly() {
    run(() -> memory.update(tx -> {
      tx.setAddress(ram, 0x40);
      assertThrows(UnsupportedOperationException.class, () -> helper(nested -> {
        nested.delSubregion(ram);
        throw new UnsupportedOperationException();
      }));
      tx.setSize(bus, Size.bytes(0x800));
    }));
    assertShows("40-13f ram @0");
    assertEquals(Size.bytes(0x800), bus.size());
  }

  @Test
  void aRegionThatIsClosedInATransactionIsClosedWithIt() {
    run(() -> memory.update(tx -> {
      tx.delSubregion(ram);
      ram.close();
    }));
    assertShows();
    policy.barrier();
    assertTrue(ram.released().toCompletableFuture().isDone());
  }

  @Test
  void aRegionThatIsClosedInATransactionStaysOpenIfThatIsUndone() {
    run(() -> assertThrows(UnsupportedOperationException.class, () -> memory.update(tx -> {
      tx.delSubregion(ram);
      ram.close();
      throw new UnsupportedOperationException();
    })));
    assertShows("0-ff ram @0");
    remove(ram);
    place(bus, 0, ram);
    assertShows("2000-20ff ram @0");
  }

  @Test
  void anAddressSpaceThatIsClosedInATransactionStaysOpenIfThatIsUndone() {
    run(() -> assertThrows(UnsupportedOperationException.class, () -> memory.update(_ -> {
      space.close();
      throw new UnsupportedOperationException();
    })));
    assertEquals(List.of(space), memory.addressSpaces());
  }

  @Test
  void aForgottenNestedTransactionEndsWithTheOuter() throws InterruptedException {
    AtomicReference<Transaction> forgotten = new AtomicReference<>();
    run(() -> {
      Throwable thrown = assertThrows(UnsupportedOperationException.class, () -> memory.update(tx -> {
        tx.setAddress(ram, 0x40);
        forgotten.set(memory.begin().delSubregion(ram));
        throw new UnsupportedOperationException();
      }));
      assertTrue(thrown.getSuppressed()[0].getMessage().contains("nested"));
      assertThrows(IllegalStateException.class, forgotten.get()::commit);
      forgotten.get().close();
    });
    assertShows("0-ff ram @0");
    assertTheMapIsFree();
  }

  @Test
  void anOuterTransactionThatIsClosedFirstEndsTheNestedOne() throws InterruptedException {
    run(() -> {
      Transaction outer = memory.begin();
      Transaction inner = memory.begin().delSubregion(ram);
      assertThrows(IllegalStateException.class, outer::commit);
      assertThrows(IllegalStateException.class, outer::close);
      assertThrows(IllegalStateException.class, inner::commit);
      outer.close();
    });
    assertShows("0-ff ram @0");
    assertTheMapIsFree();
  }

  @Test
  void aTransactionBelongsToTheThreadThatBeganIt() {
    List<Throwable> thrown = new ArrayList<>();
    run(() -> {
      try (Transaction tx = memory.begin()) {
        Thread thief = Thread.ofPlatform().name("thief").start(() -> {
          thrown.add(assertThrows(IllegalStateException.class, () -> tx.delSubregion(ram)));
          thrown.add(assertThrows(IllegalStateException.class, tx::commit));
          thrown.add(assertThrows(IllegalStateException.class, tx::close));
        });
        join(thief);
        tx.setAddress(ram, 0x40).commit();
      }
    });
    assertEquals(3, thrown.size());
    thrown.forEach(each -> assertTrue(each.getMessage().contains("'thief'"), each.getMessage()));
    assertShows("40-13f ram @0");
  }

  @Test
  void aSecondCommitInTheSameCallbackIsAnotherTransaction() {
    List<CommitTicket> tickets = new ArrayList<>();
    run(() -> {
      tickets.add(memory.update(tx -> tx.setAddress(ram, 0x40)));
      tickets.add(memory.update(tx -> tx.setAddress(ram, 0x80)));
    });
    assertEquals(tickets.get(0).generation() + 1, tickets.get(1).generation());
    assertShows("80-17f ram @0");
  }

  @Test
  void aCallbackThatLeavesItsTransactionOpenChangesNothing() throws InterruptedException {
    AtomicReference<Transaction> left = new AtomicReference<>();
    callback = () -> left.set(memory.begin().delSubregion(ram));
    reader.load(space, DEVICE, 1);
    assertShows("0-ff ram @0");
    assertThrows(IllegalStateException.class, left.get()::commit);
    assertThrows(IllegalStateException.class, () -> left.get().delSubregion(ram));
    left.get().close();
    callback = () -> memory.update(tx -> tx.setAddress(ram, 0x40));
    reader.load(space, DEVICE, 1);
    assertShows("40-13f ram @0");
    assertTheMapIsFree();
  }

  @Test
  void aFaultOfAHelperFailsTheWholeTransactionOfACallback() {
    AtomicReference<CommitTicket> ticket = new AtomicReference<>();
    callback = () -> ticket.set(memory.update(tx -> {
      tx.setAddress(ram, 0x40);
      helper(nested -> nested.addSubregion(bus, 0, ram));
    }));
    reader.load(space, DEVICE, 1);
    assertShows("0-ff ram @0");
    IllegalStateException thrown = assertThrows(IllegalStateException.class, ticket.get()::generation);
    assertSame(MapException.class, thrown.getCause().getClass());
  }

  /** Another thread gets the lock of the map. */
  private void assertTheMapIsFree() throws InterruptedException {
    Thread other = Thread.ofPlatform().daemon().start(() -> memory.update(tx -> tx.setUnmergeable(ram, true)));
    assertTrue(other.join(Duration.ofSeconds(60)));
    assertTrue(ram.isUnmergeable());
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
