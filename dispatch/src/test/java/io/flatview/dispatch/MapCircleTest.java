package io.flatview.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.memory.MemoryListener;
import io.flatview.memory.Size;
import io.flatview.memory.Transaction;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Transactions and listeners of one memory system that change another, in threads that hold what the others want.
 * Without the map's lock in the graph of waits, none of these tests ends.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MapCircleTest extends OnManyMaps {

  /** Each listener has its map's lock when it changes the next map; the last one changes the first. */
  private void ringOf(String... names) throws Exception {
    List<Side> sides = Arrays.stream(names).map(Side::new).toList();
    CyclicBarrier allHaveTheirLock = new CyclicBarrier(names.length);
    List<CompletableFuture<Object>> threads = IntStream.range(0, names.length).mapToObj(i -> thread(() ->
        sides.get(i).underItsLock(() -> {
          meet(allHaveTheirLock);
          orRefused(sides.get((i + 1) % names.length)::change);
        }))).toList();
    List<Throwable> thrown = ended(threads);
    assertEquals(1, refused.size());
    assertNames(refused.element(), names);
    assertNames(refused.element(), "thread '", "have another thread make it");
    assertEquals(1, thrown.size());
    long changed = sides.stream().filter(side -> side.shows(0x10000)).count();
    long undone = sides.stream().filter(side -> !side.shows(AT)).count();
    assertEquals(names.length - 1, changed, "the others go on");
    assertEquals(1, undone, "the refused commit has changed nothing");
    for (Side side : sides) {
      side.map.update(tx -> tx.addSubregion(side.bus, 0x20000, side.map.ram("later", Size.kib(4))));
      assertEquals(List.of(), side.map.compareWithRebuild());
    }
  }

  @Test
  void ofTwoSystemsWhoseListenersChangeEachOtherOneIsRefusedWithBothNames() throws Exception {
    ringOf("north", "south");
  }

  @Test
  void ofThreeSystemsInARingOneIsRefusedWithAllNames() throws Exception {
    ringOf("north", "east", "west");
  }

  /** The refusal comes before any change of the second map, and the thread may try again later. */
  @Test
  void aRefusedCommitCanBeMadeAgain() throws Exception {
    Side north = new Side("north");
    Side south = new Side("south");
    CyclicBarrier both = new CyclicBarrier(2);
    long before = south.map.generation() + north.map.generation();
    List<Throwable> thrown = ended(List.of(
        thread(() -> north.underItsLock(() -> {
          meet(both);
          orRefused(south::change);
        })),
        thread(() -> south.underItsLock(() -> {
          meet(both);
          orRefused(north::change);
        }))));
    assertEquals(1, thrown.size());
    assertEquals(before + 2, south.map.generation() + north.map.generation());
    Side undone = north.shows(AT) ? south : north;
    Side other = undone == north ? south : north;
    undone.underItsLock(other::change);
    assertTrue(undone.shows(AT) && other.shows(0x10000) && other.shows(AT));
  }

  /** No callback is needed for a circle. */
  @Test
  void ofThreadsThatOpenTransactionsInOppositeOrderOneIsRefused() throws Exception {
    Side north = new Side("north");
    Side south = new Side("south");
    CyclicBarrier both = new CyclicBarrier(2);
    List<Throwable> thrown = ended(List.of(inVirtualThread(() -> openBoth(north, south, both)),
        inVirtualThread(() -> openBoth(south, north, both))));
    assertEquals(List.copyOf(refused), thrown);
    assertEquals(1, thrown.size());
    assertNames(refused.element(), "'north'", "'south'", "in the same order");
    assertEquals(1, Stream.of(north, south).filter(side -> side.shows(0x10000)).count(), "the outer one is undone");
  }

  private void openBoth(Side outer, Side inner, CyclicBarrier both) {
    try (Transaction tx = outer.map.begin()) {
      tx.addSubregion(outer.bus, 0x10000, outer.map.ram("own", Size.kib(4)));
      meet(both);
      orRefused(() -> inner.map.update(_ -> { }));
      tx.commit();
    }
  }

  private static CompletableFuture<Object> inVirtualThread(Runnable work) {
    return OnTwoThreads.run(Thread.ofVirtual(), () -> {
      work.run();
      return OnTwoThreads.nothing();
    });
  }

  /** Every method that waits for the map's lock, not only a transaction. */
  @Test
  void methodsThatWaitForTheMapAreRefusedToo() throws Exception {
    List<Consumer<Side>> ways = List.of(
        side -> side.map.addressSpaces(), side -> side.map.inspect().json(), side -> side.map.begin().close(),
        side -> side.map.alias("alias", side.bus, 0, Size.kib(4)), side -> side.map.addressSpace("more", side.bus),
        side -> side.space.addListener(new MemoryListener() { }), side -> side.map.close());
    for (Consumer<Side> way : ways) {
      refused.clear();
      Side north = new Side("north");
      Side south = new Side("south");
      CyclicBarrier both = new CyclicBarrier(2);
      List<Throwable> thrown = ended(List.of(
          thread(() -> north.underItsLock(() -> {
            meet(both);
            orRefused(() -> way.accept(south));
          })),
          thread(() -> south.underItsLock(() -> {
            meet(both);
            orRefused(north::change);
          }))));
      assertEquals(1, thrown.size(), thrown::toString);
      assertNames(refused.element(), "'north'", "'south'");
    }
  }
}
