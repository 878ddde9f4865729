package io.flatview.examples.vhost.queue;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.device.DmaException;
import io.flatview.examples.virtio.PackedJournal.State;
import io.flatview.examples.virtio.PackedJournal.Taken;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** A process that dies between any two of its stores leaves an account from which the next one goes on. */
class PackedInFlightTest {

  private static final int SIZE = 12;
  private static final int WRAP = 1 << 15;

  private final MemorySegment memory = Arena.ofAuto().allocate(PackedInFlight.bytes(SIZE), 8);
  private final Deque<Integer> free = new ArrayDeque<>();

  /** Taken and not returned, in order. */
  private final List<Taken> owed = new ArrayList<>();

  /** The ring's position, from 0 to twice the size. */
  private int used;

  private PackedInFlightTest() {
    for (int id = 0; id < SIZE; id++) {
      free.add(id);
    }
  }

  private static int encoded(int position) {
    return position < SIZE ? position | WRAP : position - SIZE;
  }

  /** The process ends here. */
  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static void mayDie(RandomGenerator random) {
    if (random.nextInt(20) == 0) {
      throw new Death();
    }
  }

  private int left() {
    return SIZE - owed.stream().mapToInt(taken -> taken.words().length / 2).sum();
  }

  private void live(RandomGenerator random, PackedInFlight account, int steps) {
    for (int step = 0; step < steps; step++) {
      if (left() > 0 && (owed.isEmpty() || random.nextBoolean())) {
        take(random, account);
      } else {
        giveBack(random, account, owed.get(random.nextInt(owed.size())));
      }
    }
  }

  private void take(RandomGenerator random, PackedInFlight account) {
    int id = free.remove();
    long[] words = new long[2 * random.nextInt(1, left() + 1)];
    for (int i = 0; i < words.length; i++) {
      words[i] = random.nextLong();
    }
    words[words.length - 1] = words[words.length - 1] & ~(0xffffL << 32) | (long) id << 32;
    account.taken(id, words, words.length / 2);
    owed.add(new Taken(id, words));
  }

  private void giveBack(RandomGenerator random, PackedInFlight account, Taken request) {
    int next = (used + request.words().length / 2) % (2 * SIZE);
    account.returning(request.id(), encoded(next));
    mayDie(random);
    used = next;
    owed.remove(request);
    free.add(request.id());
    mayDie(random);
    account.returned(request.id(), encoded(next));
  }

  private State recover(PackedInFlight account) {
    return account.recover(encoded(0), position -> position == encoded(used));
  }

  private void assertIsOwed(State state) {
    assertEquals(encoded(used), state.used());
    assertEquals(owed.stream().map(Taken::id).toList(), state.taken().stream().map(Taken::id).toList());
    for (int i = 0; i < owed.size(); i++) {
      assertArrayEquals(owed.get(i).words(), state.taken().get(i).words());
    }
  }

  @Test
  void whatWasTakenAndNotReturnedIsFoundInOrderAndNothingElse() {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(1);
    for (int life = 0; life < 3_000; life++) {
      PackedInFlight account = new PackedInFlight(memory, SIZE);
      assertIsOwed(recover(account));
      assertIsOwed(recover(account));
      try {
        live(random, account, random.nextInt(30));
      } catch (Death _) {
        // The next life begins.
      }
    }
  }

  /** The stores of a return one by one, as far as the positions: the process ends after each. */
  @Test
  void aReturnThatEndsBetweenTwoStoresIsDoneOrUndone() {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(2);
    for (int life = 0; life < 500; life++) {
      PackedInFlight account = new PackedInFlight(memory, SIZE);
      assertIsOwed(recover(account));
      take(random, account);
      byte[] before = memory.toArray(JAVA_BYTE);
      Taken request = owed.get(0);
      int next = (used + request.words().length / 2) % (2 * SIZE);
      account.returning(request.id(), encoded(next));
      byte[] returning = memory.toArray(JAVA_BYTE);
      for (int until = 12; until <= 22; until++) {
        mix(before, returning, until);
        assertIsOwed(recover(new PackedInFlight(memory, SIZE)));
      }
      mix(before, returning, memory.byteSize());
      account.returned(request.id(), encoded(next));
      byte[] returned = memory.toArray(JAVA_BYTE);
      used = next;
      owed.remove(request);
      free.add(request.id());
      for (int until = 18; until <= 22; until++) {
        mixConfirmed(returning, returned, until);
        assertIsOwed(recover(new PackedInFlight(memory, SIZE)));
      }
      mix(returned, returned, memory.byteSize());
    }
  }

  private void mix(byte[] before, byte[] after, long until) {
    for (int i = 0; i < before.length; i++) {
      memory.set(JAVA_BYTE, i, i < until ? after[i] : before[i]);
    }
  }

  /** The mark goes before the position is confirmed. */
  private void mixConfirmed(byte[] before, byte[] after, long until) {
    for (int i = 0; i < before.length; i++) {
      memory.set(JAVA_BYTE, i, i < until || i >= 32 ? after[i] : before[i]);
    }
  }

  /** The twin: an account whose position is confirmed before the flags are set loses a request. */
  @Test
  void anAccountThatIsConfirmedTooEarlyLosesARequest() {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(3);
    PackedInFlight account = new PackedInFlight(memory, SIZE);
    recover(account);
    take(random, account);
    account.returning(0, encoded(1));
    account.returned(0, encoded(1));
    assertNotEquals(1, recover(new PackedInFlight(memory, SIZE)).taken().size());
  }

  @Test
  void anAccountOfAnotherSizeIsNotGoneOnWith() {
    assertTrue(new PackedInFlight(memory, SIZE).isOfSize());
    recover(new PackedInFlight(memory, SIZE));
    assertTrue(new PackedInFlight(memory, SIZE).isOfSize());
    assertFalse(new PackedInFlight(memory, SIZE - 1).isOfSize());
  }

  @Test
  void whateverStandsInAnAccountItIsRefusedOrTakenWhole() {
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(4);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] bits = memory.toArray(JAVA_BYTE);
      for (int j = 0; j < 20; j++) {
        bits[random.nextInt(bits.length)] = (byte) random.nextInt(random.nextBoolean() ? 256 : 3);
      }
      memory.copyFrom(MemorySegment.ofArray(bits));
      try {
        State state = new PackedInFlight(memory, SIZE).recover(0, _ -> random.nextBoolean());
        assertTrue(state.taken().stream().mapToInt(taken -> taken.words().length / 2).sum() <= SIZE);
        assertTrue(state.taken().stream().allMatch(taken -> taken.id() < SIZE));
      } catch (DmaException _) {
        refused++;
        memory.fill((byte) 0);
      }
    }
    assertTrue(refused > 100, refused + " refused");
  }
}
