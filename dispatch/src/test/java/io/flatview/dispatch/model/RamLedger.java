package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flatview.memory.CommitTicket;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which memory must be held: touched, and either open, or shown, or seen by a reader that is still in its section. */
final class RamLedger {

  /** Replaced views, or a commit that replaced none and waits for those before it. */
  private record Retired(boolean replaces, Set<Integer> regions, CommitTicket ticket, boolean pinned) {
    Retired unpinned() {
      return new Retired(replaces, regions, ticket, false);
    }
  }

  private final RealMap real;
  private final Set<Integer> touched = new HashSet<>();
  private final List<Retired> retired = new ArrayList<>();
  private final List<CommitTicket> quiet = new ArrayList<>();

  RamLedger(RealMap real) {
    this.real = real;
  }

  void touch(int region) {
    touched.add(region);
  }

  /** Views were replaced; {@code pinned} if a reader is in a section. */
  void retire(Collection<List<ModelSection>> replaced, CommitTicket ticket, boolean pinned) {
    retired.add(new Retired(true, regionsOf(replaced), ticket, pinned));
  }

  /** A commit replaced no view; what it took out may still be seen where an earlier commit hid it. */
  void follow(CommitTicket ticket, boolean pinned) {
    if (ticket != null && retired.stream().anyMatch(Retired::replaces)) {
      retired.add(new Retired(false, Set.of(), ticket, pinned));
    } else if (ticket != null) {
      quiet.add(ticket);
    }
  }

  void leave() {
    retired.replaceAll(Retired::unpinned);
  }

  void gracePeriod() {
    retired.stream().filter(old -> !old.pinned && old.ticket != null).map(Retired::ticket).forEach(quiet::add);
    retired.removeIf(old -> !old.pinned);
  }

  private static Set<Integer> regionsOf(Collection<List<ModelSection>> views) {
    return views.stream().flatMap(List::stream).map(ModelSection::region).collect(Collectors.toSet());
  }

  void verify(ModelMap map, Collection<List<ModelSection>> shown) {
    Set<Integer> seen = new HashSet<>(regionsOf(shown));
    retired.forEach(old -> seen.addAll(old.regions));
    List<ModelRegion> held = touched.stream().map(map::region)
        .filter(region -> !region.closed || seen.contains(region.id)).toList();
    BigInteger bytes = held.stream().map(region -> region.size).reduce(BigInteger.ZERO, BigInteger::add);
    assertEquals(held.size(), real.memory.statistics().ramBlocks(), "blocks of memory that are held");
    assertEquals(bytes.longValue(), real.memory.statistics().ramBytes(), "bytes of memory that are held");
    quiet.forEach(ticket -> assertEquals(true, isQuiesced(ticket), "nobody can see the old map"));
    retired.stream().filter(old -> old.ticket != null)
        .forEach(old -> assertEquals(false, isQuiesced(old.ticket), "no grace period has ended"));
  }

  private static boolean isQuiesced(CommitTicket ticket) {
    return ticket.quiesced().toCompletableFuture().isDone();
  }
}
