package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.CommitTicket;
import io.flatview.memory.Doorbell;
import io.flatview.memory.MapFault;
import io.flatview.memory.MemTxResult;
import io.flatview.memory.Transaction;
import io.flatview.rcu.ReadSection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stores that ring, and do not call the device. */
class DoorbellTest extends OnADevice {

  @Test
  void aDoorbellRingsForWhatItAsksForAndNothingElse() {
    add(Doorbell.at(0x10, rings("any")));
    assertRings("any", 0x1010, 1, 5);
    assertRings("any", 0x1010, 8, 6);
    assertCallsDevice(0x1011, 1, 5);
    assertCallsDevice(0x100f, 2, 5);
    load(0x1010, 4);
    assertEquals(List.of("read 4 @10"), registers.asked.subList(1, 2));
  }

  @Test
  void theDoorbellThatAsksForMostRings() {
    add(Doorbell.at(0x10, rings("any")));
    add(Doorbell.at(0x10, 4, rings("four")));
    add(Doorbell.at(0x10, 4, 7, rings("seven")));
    add(Doorbell.at(0x8, 4, rings("before")));
    assertRings("seven", 0x1010, 4, 7);
    assertRings("four", 0x1010, 4, 8);
    assertRings("any", 0x1010, 2, 7);
    assertRings("before", 0x1008, 4, 7);
    assertEquals(4, device.doorbells().size());
  }

  @Test
  void aDoorbellOfAllBitsMatchesTheStoredBits() {
    add(Doorbell.at(0, 2, 0xffff, rings("ones")));
    assertRings("ones", 0x1000, 2, -1);
    add(Doorbell.at(0, 8, -1, rings("long")));
    assertRings("long", 0x1000, 8, -1);
  }

  @Test
  void aDoorbellBelongsToItsRegisterWhereverThatShows() {
    add(Doorbell.at(0x10, 4, rings("bell")));
    place(0x8000, alias("window", device, 0x10, 0x10));
    assertRings("bell", 0x8000, 4, 1);
    memory.update(tx -> tx.setAddress(device, 0x3000));
    assertRings("bell", 0x3010, 4, 1);
  }

  @Test
  void aDoorbellBehindAReadOnlyWindowDoesNotRing() {
    add(Doorbell.at(0, rings("bell")));
    memory.update(tx -> tx.setReadOnly(device, true));
    assertEquals(MemTxResult.DECODE_ERROR, store(0x1000, 4, 1));
    assertEquals(List.of(), rung);
  }

  @Test
  void doorbellsComeAndGoWithTransactionsAndRenderNothing() {
    long generation = memory.generation();
    Doorbell bell = Doorbell.at(0, rings("bell"));
    try (Transaction tx = memory.begin()) {
      tx.addDoorbell(device, bell);
      assertCallsDevice(0x1000, 4, 1);
    }
    assertEquals(List.of(), device.doorbells());
    add(bell);
    assertRings("bell", 0x1000, 4, 1);
    try (Transaction tx = memory.begin()) {
      tx.removeDoorbell(device, bell);
    }
    assertRings("bell", 0x1000, 4, 1);
    memory.update(tx -> tx.removeDoorbell(device, bell));
    assertCallsDevice(0x1000, 4, 1);
    assertEquals(generation, memory.generation());
  }

  @Test
  void aRemovalIsQuiescedWhenNobodyCanBeRinging() {
    Doorbell bell = add(Doorbell.at(0, rings("bell")));
    policy.runGracePeriod();
    CommitTicket ticket;
    try (ReadSection _ = reader.enter()) {
      ticket = memory.update(tx -> tx.removeDoorbell(device, bell));
      policy.runGracePeriod();
      assertFalse(ticket.quiesced().toCompletableFuture().isDone());
    }
    policy.runGracePeriod();
    assertTrue(ticket.quiesced().toCompletableFuture().isDone());
  }

  @Test
  void twoDoorbellsForTheSameStoresAreRefused() {
    Doorbell first = add(Doorbell.at(0x10, 4, 7, rings("first")));
    assertFault(MapFault.Id.DOORBELL, () -> add(Doorbell.at(0x10, 4, 7, rings("second"))),
        "'device'", "0000000000000010", "of 4 bytes", "0000000000000007");
    assertRings("first", 0x1010, 4, 7);
    memory.update(tx -> tx.removeDoorbell(device, first));
    assertFault(MapFault.Id.DOORBELL, () -> memory.update(tx -> tx.removeDoorbell(device, first)),
        "'device'", "0000000000000010");
  }

  @Test
  void aDoorbellThatNoStoreCanRingIsRefused() {
    assertRefused(IllegalArgumentException.class, () -> Doorbell.at(0, 3, rings("odd")), "3 bytes");
    assertRefused(IllegalArgumentException.class, () -> Doorbell.at(0, 1, 0x100, rings("large")),
        "0000000000000100");
    assertRefused(IllegalArgumentException.class, () -> Doorbell.at(0, 0, 1, rings("vague")), "how many bytes");
  }
}
