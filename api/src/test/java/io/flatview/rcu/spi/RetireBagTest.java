package io.flatview.rcu.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.rcu.ReclaimAction;
import io.flatview.rcu.contract.Puppet;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RetireBagTest {

  private static final ReclaimAction NOTHING = () -> {};

  @Test
  void aBagIsFilledInOrderUpToItsCapacity() {
    RetireBag bag = new RetireBag(2, NOTHING);
    ReclaimAction second = () -> {};
    assertTrue(bag.add(second));
    assertFalse(bag.add(NOTHING));
    assertEquals(2, bag.seal());
    assertEquals(NOTHING, bag.take(0));
    assertEquals(second, bag.take(1));
  }

  @Test
  void aSealedBagTakesNothingAndGivesNothingBack() {
    RetireBag bag = new RetireBag(8, NOTHING);
    assertEquals(1, bag.seal());
    assertFalse(bag.add(NOTHING));
    assertFalse(bag.takeBack());
    assertEquals(1, bag.seal());
  }

  @Test
  void whatWasTakenBackIsNotCounted() {
    RetireBag bag = new RetireBag(8, NOTHING);
    assertTrue(bag.takeBack());
    assertEquals(0, bag.seal());
  }

  @Test
  void bagsGrowAndShrinkWithUse() {
    RetireBag bag = new RetireBag(8, NOTHING);
    assertEquals(8, bag.nextCapacity());
    while (bag.add(NOTHING)) {
      assertTrue(bag.count() > 1);
    }
    assertEquals(16, bag.nextCapacity());
    assertEquals(8, RetireBag.NONE.nextCapacity());
  }

  /** One thread fills while another seals; forbidden: an action was taken in and is not in the sealed count. */
  @Test
  void theSealedCountIsExact() {
    try (Puppet owner = Puppet.platform()) {
      for (int round = 0; round < 300; round++) {
        RetireBag bag = new RetireBag(256, NOTHING);
        Future<Integer> taken = owner.start(() -> fill(bag));
        int sealed = bag.seal();
        assertEquals(sealed, Puppet.result(taken));
        assertEquals(sealed, bag.count());
      }
    }
  }

  private static int fill(RetireBag bag) {
    int taken = 1;
    while (bag.add(NOTHING)) {
      taken++;
    }
    return taken;
  }
}
