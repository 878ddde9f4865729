package io.flatview.examples.vhost.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** A process that dies between any two of its stores leaves an account from which the next one goes on. */
class InFlightTest {

  private static final int SIZE = 16;

  private final MemorySegment memory = Arena.ofAuto().allocate(InFlight.bytes(SIZE), 8);
  private final Deque<Integer> free = new ArrayDeque<>();

  /** Taken and not covered by the used index, in order. */
  private final List<Integer> owed = new ArrayList<>();

  private int used;

  /** A queue's steps; each of them may be the last of its process. */
  private void live(RandomGenerator random, InFlight account, int steps) {
    for (int step = 0; step < steps; step++) {
      if (!free.isEmpty() && (owed.isEmpty() || random.nextBoolean())) {
        int head = free.remove();
        owed.add(head);
        account.taken(head);
      } else if (!owed.isEmpty()) {
        returnOne(random, account, random.nextInt(owed.size()));
      }
    }
  }

  private void returnOne(RandomGenerator random, InFlight account, int which) {
    int head = owed.get(which);
    account.returning(head);
    if (random.nextInt(20) == 0) {
      return;
    }
    used = used + 1 & 0xffff;
    owed.remove(which);
    free.add(head);
    if (random.nextInt(20) == 0) {
      throw new Death();
    }
    account.returned(head, used);
  }

  /** The process ends here. */
  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void whatWasTakenAndNotReturnedIsFoundInOrderAndNothingElse() {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(1);
    for (int head = 0; head < SIZE; head++) {
      free.add(head);
    }
    for (int life = 0; life < 2_000; life++) {
      InFlight account = new InFlight(memory, SIZE);
      assertEquals(owed, account.recover(used), () -> "used index " + used);
      try {
        live(random, account, random.nextInt(30));
      } catch (Death _) {
        // The next life begins.
      }
    }
  }

  /** The twin: an account that strikes a request out before the used index covers it loses requests. */
  @Test
  void anAccountThatIsStruckOutTooEarlyLosesARequest() {
    InFlight account = new InFlight(memory, SIZE);
    account.recover(0);
    account.taken(3);
    account.returning(3);
    account.returned(3, 1);
    assertNotEquals(List.of(3), new InFlight(memory, SIZE).recover(0));
  }

  @Test
  void anAccountOfAnotherSizeIsNotGoneOnWith() {
    assertTrue(new InFlight(memory, SIZE).isOfSize());
    new InFlight(memory, SIZE).recover(0);
    assertTrue(new InFlight(memory, SIZE).isOfSize());
    assertFalse(new InFlight(memory, SIZE / 2).isOfSize());
  }

  @Test
  void whateverStandsInAnAccountOnlyHeadsComeOut() {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(2);
    for (int i = 0; i < 500; i++) {
      byte[] bits = new byte[(int) memory.byteSize()];
      random.nextBytes(bits);
      memory.copyFrom(MemorySegment.ofArray(bits));
      List<Integer> heads = new InFlight(memory, SIZE).recover(random.nextInt(1 << 16));
      Set<Integer> distinct = new HashSet<>(heads);
      assertEquals(heads.size(), distinct.size());
      assertTrue(distinct.stream().allMatch(head -> head >= 0 && head < SIZE));
    }
  }
}
