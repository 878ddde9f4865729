package io.flatview.dispatch.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flatview.dispatch.model.Timeline.Difference;
import io.flatview.memory.CommitTicket;
import io.flatview.memory.MapChange;
import io.flatview.memory.MapException;
import io.flatview.memory.MapFault;
import io.flatview.memory.MapPlan;
import io.flatview.memory.Transaction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Plays a history on the model and on the memory system under test, and compares the two after every step that counts.
 *
 * <p>Steps that speak of what does not exist are passed over, so that any part of a history is a history. Steps that
 * break a rule must be refused for that rule. A commit is not made where the model cannot tell whether aliases come to
 * an end.
 */
final class World implements AutoCloseable {

  private final Rules rules;
  private final RealMap real;
  private final ViewChecks checks;
  private final Trap trap = new Trap();
  private final Audience audience;
  private final Readers readers;
  private final Set<Integer> closedSpaces = new TreeSet<>();

  private final Deque<Transaction> open = new ArrayDeque<>();
  private final Deque<ModelMap> marks = new ArrayDeque<>();
  private ModelMap working = new ModelMap();
  private Shown shown = new Shown(new ModelMap(), new TreeMap<>());

  World(int pageSize, Rules rules) {
    this.rules = rules;
    real = new RealMap(pageSize);
    checks = new ViewChecks(real);
    audience = new Audience(real, trap);
    readers = new Readers(real, checks);
  }

  void run(Op op) {
    switch (op) {
      case Op.Make made -> make(made);
      case Op.Change change -> change(change);
      case Op.Direct direct -> direct(direct);
      case Op.Begin _ -> begin();
      case Op.Commit(int armed) -> commit(armed);
      case Op.RollBack _ -> rollBack();
      case Op.Plan _ -> plan();
      case Op.Enter _ -> readers.enter(shown);
      case Op.Leave _ -> readers.leave();
      case Op.GracePeriod _ -> readers.gracePeriod(shown);
      case Op.Load load -> readers.load(load, shown);
      case Op.Store store -> readers.store(store, shown);
    }
  }

  // Regions

  private void make(Op.Make made) {
    if (!working.makesSense(made)) {
      return;
    }
    MapFault.Id refusal = working.refusal(made);
    if (refusal != null) {
      assertRefused(refusal, () -> real.make(made));
      return;
    }
    real.make(made);
    working.apply(made);
    shown.map().apply(made);
    marks.forEach(mark -> mark.apply(made));
  }

  private static void assertRefused(MapFault.Id rule, Runnable call) {
    MapException refused = assertThrows(MapException.class, call::run, () -> "breaks rule " + rule);
    assertEquals(rule, refused.faults().getFirst().id());
  }

  // Transactions

  private void begin() {
    marks.push(working.copy());
    open.push(real.memory.begin());
  }

  private void change(Op.Change change) {
    if (!working.makesSense(change)) {
      return;
    }
    MapFault.Id refusal = working.refusal(change);
    if (!open.isEmpty()) {
      applyInside(change, refusal, () -> real.change(open.peek(), change));
    } else if (refusal != null) {
      assertRefused(refusal, () -> real.memory.update(tx -> real.change(tx, change)));
    } else {
      publish(after(change), () -> real.memory.update(tx -> real.change(tx, change)));
    }
  }

  private void direct(Op.Direct op) {
    if (!working.makesSense(op) || op instanceof Op.OpenSpace(int space, _) && real.space(space) != null) {
      return;
    }
    MapFault.Id refusal = working.refusal(op);
    if (!open.isEmpty()) {
      applyInside(op, refusal, () -> real.direct(op));
    } else if (refusal != null) {
      assertRefused(refusal, () -> real.direct(op));
    } else {
      publish(after(op), () -> {
        real.direct(op);
        return null;
      });
    }
    if (refusal == null && op instanceof Op.OpenSpace(int space, _) && working.spaces.containsKey(space)) {
      audience.join(space, shown);
    }
  }

  private void applyInside(Op op, MapFault.Id refusal, Runnable call) {
    if (refusal != null) {
      assertRefused(refusal, call);
      TreeCheck.verify(working, real);
    } else {
      call.run();
      working.apply(op);
    }
  }

  private ModelMap after(Op op) {
    ModelMap next = working.copy();
    next.apply(op);
    return next;
  }

  private void commit(int armed) {
    if (open.isEmpty()) {
      return;
    }
    if (open.size() > 1) {
      marks.pop();
      open.pop().commit();
      return;
    }
    marks.pop();
    Transaction outermost = open.pop();
    trap.arm(armed);
    publish(working, outermost::commit);
    outermost.close();
    trap.disarm();
    forgetListenersOfUnopened();
  }

  private void rollBack() {
    if (!open.isEmpty()) {
      open.pop().close();
      working = marks.pop();
      assertNothingChanged();
    }
  }

  private void assertNothingChanged() {
    TreeCheck.verify(working, real);
    assertNothingTold();
    forgetListenersOfUnopened();
  }

  private void assertNothingTold() {
    audience.verifyNothingTold();
    shown.views().forEach(checks::sections);
  }

  private void forgetListenersOfUnopened() {
    if (open.isEmpty()) {
      audience.forgetAllBut(shown.views().keySet());
    }
  }

  // Publication

  /** Makes a commit whose outcome the model foretells. */
  private void publish(ModelMap next, Supplier<CommitTicket> call) {
    Painted painted = Painted.of(next, rules);
    if (painted.isBounded()) {
      publish(next, painted.views(), call);
    } else {
      giveUp(painted, call);
    }
  }

  /** Foretells a commit, and sees that nothing comes of it. */
  private void plan() {
    if (open.isEmpty()) {
      return;
    }
    Painted painted = Painted.of(working, rules);
    if (painted.isEndless()) {
      assertRefused(MapFault.Id.ALIAS_RECURSION, open.peek()::plan);
    } else if (painted.isBounded()) {
      assertPlan(differences(working, painted.views()), open.peek().plan());
    }
    TreeCheck.verify(working, real);
    assertNothingTold();
  }

  private void assertPlan(NavigableMap<Integer, Difference> differences, MapPlan plan) {
    Set<Integer> planned = new TreeSet<>();
    for (MapChange change : plan.changes()) {
      int space = Integer.parseInt(change.addressSpace().name().substring(1));
      planned.add(space);
      Difference difference = differences.get(space);
      assertTrue(difference != null, () -> "no change of s" + space + " is planned");
      assertEquals(difference.before(), real.sections(change.before()), () -> "s" + space + " before");
      assertEquals(difference.after(), real.sections(change.after()), () -> "s" + space + " as planned");
    }
    differences.forEach((space, difference) ->
        assertTrue(planned.contains(space) || !difference.mustTell(), () -> "a change of s" + space + " is planned"));
  }

  private void giveUp(Painted painted, Supplier<CommitTicket> call) {
    working = shown.map().copy();
    if (painted.isEndless()) {
      assertRefused(MapFault.Id.ALIAS_RECURSION, call::get);
      assertNothingChanged();
    }
  }

  private void publish(ModelMap next, NavigableMap<Integer, List<ModelSection>> painted, Supplier<CommitTicket> call) {
    NavigableMap<Integer, Difference> differences = differences(next, painted);
    long before = real.memory.generation();
    CommitTicket ticket;
    try {
      ticket = call.get();
    } catch (MapException e) {
      assertTrapped(e);
      return;
    }
    assertEquals(false, trap.disarm(), "a failing listener stops the commit");
    assertGeneration(before, differences, ticket);
    audience.verifyTold(differences);
    if (real.memory.generation() != before) {
      readers.published(differences.values(), ticket);
    } else {
      readers.publishedNothing(ticket);
    }
    closedSpaces.addAll(differences.keySet());
    closedSpaces.removeAll(painted.keySet());
    working = next;
    shown = new Shown(next.copy(), painted);
    verify();
  }

  private void assertTrapped(MapException e) {
    if (!trap.disarm()) {
      throw e;
    }
    MapFault.Id id = e.faults().getFirst().id();
    assertTrue(id == MapFault.Id.VETO || id == MapFault.Id.LISTENER_FAILED, () -> "refused for " + id);
    working = shown.map().copy();
    audience.verifyTakenBack(shown);
    assertNothingChanged();
  }

  private void assertGeneration(long before, NavigableMap<Integer, Difference> differences, CommitTicket ticket) {
    long after = real.memory.generation();
    if (ticket != null) {
      assertEquals(after, ticket.generation(), "the ticket's generation");
    }
    boolean mustChange = differences.values().stream().anyMatch(Difference::mustTell);
    assertTrue(after == before ? !mustChange : !differences.isEmpty() && after == before + 1,
        () -> "generation " + before + " is followed by " + after);
  }

  /** How each space changes; spaces that do not change are left out. */
  private NavigableMap<Integer, Difference> differences(
      ModelMap next, NavigableMap<Integer, List<ModelSection>> painted) {
    NavigableMap<Integer, Difference> differences = new TreeMap<>();
    Set<Integer> spaces = new TreeSet<>(shown.views().keySet());
    spaces.addAll(painted.keySet());
    // A listener on a space that the same transaction opened and closed is called, too.
    spaces.addAll(audience.spaces());
    for (int space : spaces) {
      List<ModelSection> before = shown.view(space);
      List<ModelSection> after = painted.getOrDefault(space, List.of());
      boolean cameOrWent = shown.views().containsKey(space) != painted.containsKey(space);
      if (cameOrWent || !before.equals(after)) {
        differences.put(space, new Difference(before, after, true));
      } else if (!shown.views().containsKey(space) || shown.map().viewRoot(space) != next.viewRoot(space)) {
        differences.put(space, new Difference(before, after, false));
      }
    }
    return differences;
  }

  // Comparison

  private void verify() {
    TreeCheck.verify(shown.map(), real);
    Painter painter = new Painter(shown.map(), rules);
    shown.views().forEach((space, painted) -> verify(space, painted, painter));
    closedSpaces.forEach(space -> checks.closed(readers.fresh(), space));
    audience.verifyMirrors(shown);
    audience.forgetAllBut(shown.views().keySet());
    readers.verify(shown);
  }

  private void verify(int space, List<ModelSection> painted, Painter painter) {
    checks.sections(space, painted);
    int root = real.space(space).flatView().root().map(real::number).orElse(ModelRegion.NONE);
    assertEquals(shown.map().viewRoot(space), root, () -> "where the view of s" + space + " starts");
    checks.finds(space, painted);
    checks.translates(readers.fresh(), space, painted);
    checks.explains(space, painter, shown.map().spaces.get(space), painted);
  }

  // The end

  /** Takes everything apart through the API, and sees that nothing is left. */
  void finish() {
    while (!open.isEmpty()) {
      rollBack();
    }
    readers.leave();
    readers.gracePeriod(shown);
    audience.leave(shown);
    List.copyOf(shown.map().spaces.keySet()).forEach(space -> run(new Op.CloseSpace(space)));
    List.copyOf(shown.map().regions.keySet()).forEach(this::takeOut);
    List.copyOf(shown.map().regions.descendingKeySet()).forEach(region -> run(new Op.Close(region)));
    readers.gracePeriod(shown);
    assertEquals(0, real.memory.statistics().ramBytes(), "bytes of memory after everything is closed");
    assertEquals(0, real.policy.pending(), "actions that are still to run");
  }

  private void takeOut(int region) {
    if (shown.map().region(region).parent != ModelRegion.NONE) {
      run(new Op.Del(region));
    }
  }

  @Override
  public void close() {
    readers.close();
    real.memory.close();
    real.policy.close();
  }
}
